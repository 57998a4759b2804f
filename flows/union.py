"""The flow ``union``: what has changed is matched, merged and published."""

from __future__ import annotations

from prefect import flow, task

from flows.ready import ready


@task
def match() -> dict[str, int]:
    """Links of the stale records."""
    from flows.screen import progress
    from hub.stages import match as stage

    return stage.match(stage.stale_records(), progress=progress()).counts


@task
def merge() -> dict[str, int]:
    """Clusters and union records around them."""
    from flows.screen import progress
    from hub.stages.match import stale_records
    from hub.stages.merge import merge_stale

    return merge_stale(stale_records(), progress=progress()).counts


@task
def publish() -> dict[str, int]:
    """The search index."""
    from flows.screen import progress
    from hub.stages import publish as stage

    return stage.publish(progress=progress()).counts


@flow(name="union")
def union() -> dict[str, int]:
    """Match → merge → publish, for what has changed since the last time."""
    ready()
    return match() | merge() | publish()
