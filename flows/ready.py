"""Make ready what everything needs: the environment, Django, the tables. Called once by each process."""

from __future__ import annotations

import atexit
import os
import secrets
from functools import cache
from pathlib import Path

from hub.home import home

PREFECT = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # a failure is said once, by us
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "DO_NOT_TRACK": "1",
}


def environment() -> None:
    """Defaults for Django and for Prefect's embedded server, whose files lie in the data folder too."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.web.settings")
    os.environ.setdefault("PREFECT_HOME", str(home() / "prefect"))
    for name, value in PREFECT.items():
        os.environ.setdefault(name, value)


@cache
def ready() -> None:
    """Set Django up and bring the tables to this version; quick when there is nothing to do."""
    environment()
    import django
    from django.core.management import call_command

    django.setup()
    from django.db import connections

    atexit.register(connections.close_all)  # SQLite folds its log into the database at the last close
    from hub.stages.pool import calm

    calm()
    from hub.stages.report import storing

    with storing():
        call_command("migrate", verbosity=0, interactive=False)


def looking() -> bool:
    """Set Django up only to look, and make nothing; whether there is a store with the tables of this version."""
    if not (home() / "secret_key").exists():
        os.environ.setdefault("LIENTHONG_SECRET_KEY", secrets.token_hex())
    environment()
    import django

    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from hub.stages.report import storing

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    with storing():
        plan = MigrationExecutor(connection)
        return not plan.migration_plan(plan.loader.graph.leaf_nodes())
