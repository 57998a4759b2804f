"""What the choices of a declaration are called on pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

LICENCES: dict[str, Any] = {
    "publisher": _("a publishing house"),
    "ministry": _("licensed by the Ministry"),
    "province": _("licensed by the city"),
}
FORMS: dict[str, Any] = {"print": _("printed"), "electronic": _("electronic publication")}
EDITIONS: dict[str, Any] = {
    "new": _("first edition"),
    "changed": _("new edition with changes"),
    "reprint": _("reprint without changes"),
}
CONTENTS: dict[str, Any] = {"open": _("for the public"), "secret": _("a state secret")}
AUDIENCES: dict[str, Any] = {  # MARC 21 008/22
    "a": _("Under 6 years"),
    "b": _("6–8 years"),
    "c": _("9–13 years"),
    "d": _("14–17 years"),
    "j": _("Children up to 15"),
    "g": _("General readers"),
    "e": _("Adults"),
    "f": _("Specialists"),
}
LEVELS: dict[str, Any] = {
    "public": _("public"),
    "internal": _("internal: the libraries of the network"),
    "restricted": _("restricted: its publisher and the deposit clerk"),
    "forbidden": _("forbidden: nobody but the deposit clerk"),
}
STATES: dict[str, Any] = {
    "arriving": _("unfinished"),
    "arrived": _("waiting to be looked at"),
    "judging": _("being looked at"),
    "kept": _("kept"),
    "known": _("kept already"),
    "refused": _("not kept"),
    "dropped": _("given up"),
}
RISKS: dict[str, Any] = {"low": _("low"), "some": _("some"), "high": _("high")}
EVENTS: dict[str, Any] = {
    "kept.damaged": _("damaged"),
    "kept.repaired": _("repaired"),
    "kept.lost": _("lost"),
}
MEANS: dict[str, Any] = {
    "walls": _("walls around what looks at files (bubblewrap)"),
    "epubcheck": _("EPUBCheck (needs Java)"),
    "scanner": _("virus scanner (ClamAV)"),
}
CHOICES = {"licence": LICENCES, "form": FORMS, "edition": EDITIONS, "content": CONTENTS}
