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
CHOICES = {"licence": LICENCES, "form": FORMS, "edition": EDITIONS, "content": CONTENTS}
