"""What libraries are in law, as pages say it (Luật Thư viện 46/2019/QH14, Điều 9)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

LEGAL_NAMES: dict[str, Any] = {
    "1": _("National library"),
    "2": _("Public libraries"),
    "3": _("Special libraries"),
    "4": _("Libraries of the armed forces"),
    "5": _("University libraries"),
    "6": _("Libraries of preschools, schools and other education"),
    "7": _("Community libraries and private libraries that serve the community"),
    "8": _("Libraries of foreign organizations and persons"),
    "point": _("Reading points, which are no libraries in law"),
    "none": _("Others, such as publishers"),
    "": _("Not said"),
}
MATTERS: dict[str, Any] = {
    "lending": _("Loans between libraries"),
    "rotation": _("Boxes that travel"),
    "cataloging": _("Cataloging"),
    "systems": _("Computers and harvesting"),
    "deposit": _("Legal deposit and exchange"),
}
