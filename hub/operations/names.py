"""What the codes of the desk are called on its pages; :mod:`hub.web.names` has the others."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REQUEST = {
    "run": _("harvest"),
    "full": _("everything again"),
    "reset": _("from the beginning"),
    "window": _("some days again"),
    "sweep": _("comparison of the whole list"),
    "retry": _("rejected records read again"),
    "repair": _("suggestions accepted"),
}
ASKED = {
    "waiting": _("Waiting"),
    "running": _("Under way"),
    "done": _("Done"),
    "failed": _("Not done"),
    "withdrawn": _("Taken back"),
}
STAGE = {"fetch": _("Fetch"), "read": _("Read and normalize"), "close": _("Close the ledger")}
WORD = {"done": _("done"), "now": _("under way"), "waits": _("still to come"), "stopped": _("stopped")}
WEEKDAY = {
    "1": pgettext_lazy("weekday", "Mo"),
    "2": pgettext_lazy("weekday", "Tu"),
    "3": pgettext_lazy("weekday", "We"),
    "4": pgettext_lazy("weekday", "Th"),
    "5": pgettext_lazy("weekday", "Fr"),
    "6": pgettext_lazy("weekday", "Sa"),
    "7": pgettext_lazy("weekday", "Su"),
}
DAY = {"covered": _("covered"), "gap": _("not covered"), "open": _("today, still to come")}
SIGN = {"succeeded": "✓", "failed": "✗", "empty": "○", "running": "…"}
DIGEST = {"none": _("no digest"), "daily": _("every morning"), "weekly": _("on Monday mornings")}
MESSAGE = {"failure": _("failure"), "silence": _("silence"), "digest": _("digest"), "test": _("trial")}
CONNECTOR = {
    "oai_pmh": _("OAI-PMH server"),
    "sru": _("SRU server"),
    "files": _("Files"),
    "download": _("File on the web"),
    "rest": _("Web API"),
    "sftp": _("SFTP server"),
    "z3950": _("Z39.50 server"),
}
FORMAT = {
    "marc21": _("MARC 21 (ISO 2709)"),
    "marcxml": _("MARCXML"),
    "xlsx": _("Spreadsheet"),
    "csv": _("Table of text (CSV)"),
    "oai_dc": _("Dublin Core"),
}
NAMES: dict[str, dict[str, Any]] = {
    "request": REQUEST,
    "asked": ASKED,
    "stage": STAGE,
    "word": WORD,
    "weekday": WEEKDAY,
    "day": DAY,
    "sign": SIGN,
    "digest": DIGEST,
    "message": MESSAGE,
    "connector": CONNECTOR,
    "format": FORMAT,
}
