"""The flow ``union``: what has changed is read, matched, merged and published."""

from __future__ import annotations

from prefect import flow, task

from flows.ready import ready


@task
def normalize() -> dict[str, int]:
    """What waits of sources that nobody is harvesting: left by a run that died, or refused by older rules."""
    from flows.screen import progress
    from hub.stages.normalize import normalize_idle

    return normalize_idle(progress=progress()).counts


@task
def match() -> dict[str, int]:
    """Links of the records whose matches are due."""
    from flows.screen import progress
    from hub.stages import match as stage

    return stage.match(progress=progress()).counts


@task
def merge() -> dict[str, int]:
    """Clusters and union records around them."""
    from flows.screen import progress
    from hub.stages.merge import merge_due

    return merge_due(progress=progress()).counts


@task
def publish() -> dict[str, int]:
    """The search index."""
    from flows.screen import progress
    from hub.stages import publish as stage

    return stage.publish(progress=progress()).counts


@task
def assess() -> int:
    """How good the records of each library are that has changed, or was not assessed today."""
    from hub.stages.quality import assess_due

    return assess_due()


@flow(name="union", flow_run_name="union")
def union() -> dict[str, int]:
    """Match → merge → publish, for what has changed since the last time."""
    ready()
    normalize()
    counts = match() | merge() | publish()
    assess()
    return counts
