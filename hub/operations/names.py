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
COLUMN = {  # what a column of a table may be: schemas.headings.FIELDS
    "title": _("Title"),
    "author": _("Author"),
    "author_title": _("Author and title in one column"),
    "subtitle": _("Subtitle"),
    "parallel": _("Title in another language"),
    "original": _("Original title"),
    "responsibility": _("Statement of responsibility"),
    "contributor": _("Other authors"),
    "corporate": _("Body as author"),
    "translator": _("Translator"),
    "illustrator": _("Illustrator"),
    "editor": _("Editor, compiler"),
    "publisher": _("Publisher"),
    "place": _("Place of publication"),
    "year": _("Year of publication"),
    "imprint": _("Place, publisher and year in one column"),
    "edition": _("Edition"),
    "volume": _("Volume"),
    "isbn": _("ISBN"),
    "issn": _("ISSN"),
    "pages": _("Number of pages"),
    "size": _("Size"),
    "series": _("Series"),
    "language": _("Language"),
    "original_language": _("Language of the original"),
    "class": _("Classification number"),
    "subject": _("Subjects"),
    "keyword": _("Keywords"),
    "audience": _("For whom"),
    "type": _("Kind of material"),
    "summary": _("Summary"),
    "note": _("Notes"),
    "id": _("Number of the record"),
    "copies": _("Number of copies"),
    "accession": _("Accession number"),
    "call_number": _("Call number"),
    "location": _("Where it stands"),
    "price": _("Price"),
    "url": _("Web address"),
    "number": _("Running number"),
}
SETTING = {  # keys of a source file
    "schedule": _("How often"),
    "trust": _("Trust, 0–100: the most trusted source leads in a merged record"),
    "library.kind": _("Kind of library"),
    "library.unit": _("Ward or commune"),
    "reading.encoding": _("Encoding"),
    "reading.sheet": _("Sheet of the workbook"),
    "guard.most": _("How many records one run may remove without a person"),
    "guard.share": _("Or which share of them, 0–1"),
    "options.url": _("Address"),
    "options.metadata_prefix": _("Metadata prefix"),
    "options.set": _("Set"),
    "options.path": _("File or folder"),
    "options.host": _("Server"),
    "options.port": _("Port"),
    "options.username": _("Who logs in"),
    "options.password_env": _("Variable that holds the password"),
    "options.interval": _("Least time between two requests"),
    "options.per_host": _("Sources of this server at once"),
    "options.deadline": _("Time for one request"),
    "options.max_wait": _("Longest wait for a busy server"),
    "options.allow_private": _("At a private address"),
}
WIZARD = {
    "1": _("Address or file"),
    "2": _("What was found"),
    "3": _("As they will look"),
    "4": _("Whose, how often"),
    "5": _("Write and run"),
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
    "column": COLUMN,
    "wizard": WIZARD,
    "setting": SETTING,
}
