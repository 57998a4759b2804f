"""What counts and audiences are called on pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

COUNTS: dict[str, Any] = {"here": _("in the box"), "damaged": _("damaged"), "missing": _("missing")}
BANDS: dict[str, Any] = {  # MARC 21 008/22
    "a": _("preschool"),
    "b": _("primary school"),
    "c": _("lower secondary school"),
    "d": _("upper secondary school"),
}
