"""What codes are called on a page: languages, carriers, audiences, kinds of library, fields of MARC 21."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hub.operations import names as operations
from hub.provide.names import AUDIENCE, AVAILABILITY

FACET = {
    "library": _("Library"),
    "unit": _("Area"),
    "kind": _("Kind of library"),
    "language": _("Language"),
    "decade": _("Year of publication"),
    "form": _("Form"),
    "audience": _("Audience"),
    "availability": _("Availability"),
}
LANGUAGE = {
    "vie": _("Vietnamese"),
    "eng": _("English"),
    "fre": _("French"),
    "rus": _("Russian"),
    "chi": _("Chinese"),
    "jpn": _("Japanese"),
    "kor": _("Korean"),
    "ger": _("German"),
    "spa": _("Spanish"),
    "ita": _("Italian"),
    "por": _("Portuguese"),
    "lat": _("Latin"),
    "tha": _("Thai"),
    "lao": _("Lao"),
    "khm": _("Khmer"),
    "mul": _("Several languages"),
    "und": _("Undetermined language"),
    "zxx": _("No linguistic content"),
}
FORM = {
    "text": _("Book"),
    "braille": _("Braille"),
    "large_print": _("Large print"),
    "electronic": _("Electronic"),
    "sound": _("Sound recording"),
    "video": _("Video"),
    "music": _("Printed music"),
    "map": _("Map"),
    "image": _("Picture"),
    "serial": _("Newspaper or journal"),
    "object": _("Object or toy"),
    "mixed": _("Mixed materials"),
}
KIND = {
    "national": _("National library"),
    "public": _("Public library"),
    "children": _("Children's library"),
    "ward": _("Ward or commune library"),
    "commune": _("Commune library"),
    "school": _("School library"),
    "university": _("University library"),
    "armed_forces": _("Library of the armed forces"),
    "community": _("Community library"),
    "learning": _("Bookcase for the promotion of learning"),
    "youth": _("Youth house"),
    "foreign": _("Foreign library"),
    "clan": _("Clan bookcase"),
    "family": _("Family bookcase"),
    "private": _("Private library"),
    "digital": _("Digital library"),
    "publisher": _("Publisher"),
    "special": _("Special library"),
    "other": pgettext_lazy("kind of library", "Other"),
}
ROLE = {
    "author": _("author"),
    "translator": _("translator"),
    "illustrator": _("illustrator"),
    "editor": _("editor"),
    "adapter": _("adapter"),
    "other": "",
}
STATE = {
    "live": _("In the catalog"),
    "pending": _("Waiting to be read"),
    "deleted": _("Deleted by the source"),
    "rejected": _("Rejected"),
    "aside": _("Kept beside the catalog"),
}
COLLECTION = {
    "textbook": _("textbook"),
    "teacher": _("teacher's book"),
    "reference": _("reading beside lessons, reference"),
    "fiction": _("fiction"),
}
STANDING = {
    "lost": _("lost"),
    "withdrawn": _("weeded out"),
    "on_loan": _("lent"),
    "on_site": _("is not lent"),
}
STATUS = {
    "running": _("Running"),
    "succeeded": _("Succeeded"),
    "failed": _("Failed"),
    "empty": _("Nothing received"),
}
RUN = {"harvest": _("harvest"), "sweep": _("comparison"), "decision": _("decision"), "window": _("some days again")}
HOLD = {"deletions": _("Deletions"), "renaming": _("New identifiers")}
VERDICT = {"open": _("To be decided"), "released": _("Released"), "refused": _("Refused")}
HEALTH = {"good": _("Good"), "slow": _("Slow"), "error": _("Error"), "silent": _("Silent")}
OUTCOME = {
    "created": _("new"),
    "updated": _("changed"),
    "unchanged": _("unchanged"),
    "deleted": _("deleted"),
    "rejected": _("rejected"),
}
SEVERITY = {
    "blocks": _("No harvest possible"),
    "loses": _("To be mended"),
    "note": _("Worth knowing"),
    "good": _("All well"),
}
FIELD = {  # https://www.loc.gov/marc/bibliographic/
    "000": _("Leader"),
    "001": _("Control number"),
    "003": _("Control number identifier"),
    "005": _("Date of last change"),
    "007": _("Physical form, coded"),
    "008": _("Coded data"),
    "010": _("National control number"),
    "020": _("ISBN"),
    "022": _("ISSN"),
    "024": _("Other standard number"),
    "035": _("Number in the source"),
    "040": _("Cataloging agency"),
    "041": _("Language codes"),
    "044": _("Country of publication"),
    "080": _("UDC number"),
    "082": _("Dewey number"),
    "084": _("Other classification"),
    "100": _("Author"),
    "110": _("Corporate author"),
    "111": _("Meeting"),
    "130": _("Uniform title"),
    "240": _("Uniform title"),
    "245": _("Title and responsibility"),
    "246": _("Other title"),
    "250": _("Edition"),
    "260": _("Imprint"),
    "264": _("Imprint"),
    "300": _("Physical description"),
    "336": _("Content type"),
    "337": _("Media type"),
    "338": _("Carrier type"),
    "490": _("Series"),
    "500": _("Note"),
    "504": _("Bibliography note"),
    "505": _("Contents"),
    "520": _("Summary"),
    "521": _("Audience"),
    "546": _("Language note"),
    "586": _("Award"),
    "600": _("Subject: person"),
    "610": _("Subject: corporate body"),
    "630": _("Subject: title"),
    "648": _("Subject: period"),
    "650": _("Subject"),
    "651": _("Subject: place"),
    "653": _("Keyword"),
    "655": _("Genre"),
    "700": _("Other person"),
    "710": _("Other corporate body"),
    "740": _("Related title"),
    "773": _("Host item"),
    "776": _("Other form of this item"),
    "830": _("Series entry"),
    "852": _("Holding"),
    "856": _("Link"),
    "880": _("Original script"),
}
NAMES: dict[str, dict[str, Any]] = {
    "facet": FACET,
    "language": LANGUAGE,
    "form": FORM,
    "audience": AUDIENCE,
    "kind": KIND,
    "availability": AVAILABILITY,
    "unit": {},
    "role": ROLE,
    "state": STATE,
    "status": STATUS,
    "collection": COLLECTION,
    "standing": STANDING,
    "run": RUN,
    "hold": HOLD,
    "verdict": VERDICT,
    "health": HEALTH,
    "outcome": OUTCOME,
    "severity": SEVERITY,
    "field": FIELD,
    **operations.NAMES,
}


def name_of(code: str, table: str) -> str:
    """What a code is called in the reader's language; an unknown one is shown as it is."""
    if table == "decade":
        return f"{code}–{code[:-1]}9"
    return str(NAMES[table].get(code, code))
