"""Where things lie: the data folder and the configuration, from the environment."""

import os
from pathlib import Path

from schemas.problem import Trouble

PROJECT = Path(__file__).resolve().parent.parent
CONFIG = PROJECT / "harvest_config"


def home() -> Path:
    """The data folder: ``LIENTHONG_HOME``, by default ``./var``; made if it is not there.

    :class:`Trouble` ``home_unusable`` where it cannot be made.
    """
    folder = Path(os.environ.get("LIENTHONG_HOME", "var")).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble("home_unusable", path=folder, detail=error.strerror) from None
    return folder


def sources_folder() -> Path:
    """The folder of source files: ``LIENTHONG_SOURCES``, by default ``harvest_config/sources``."""
    return Path(os.environ.get("LIENTHONG_SOURCES", CONFIG / "sources"))


def language() -> str:
    """The language of messages on the screen: ``LIENTHONG_LANG``, ``vi`` (default) or ``en``."""
    return "en" if os.environ.get("LIENTHONG_LANG", "vi").lower().startswith("en") else "vi"
