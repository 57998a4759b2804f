"""What codes are called that go out as words too: audiences, and how a record can be had."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

AUDIENCE = {  # MARC 21 008/22, https://www.loc.gov/marc/bibliographic/bd008b.html
    "a": _("Under 6 years"),
    "b": _("6–8 years"),
    "c": _("9–13 years"),
    "d": _("14–17 years"),
    "e": _("Adults"),
    "f": _("Specialists"),
    "g": _("General readers"),
    "j": _("Children up to 15"),
}
AVAILABILITY = {
    "copies": _("Copies in a library"),
    "online": _("On the web"),
    "open": _("Free to read, openly licensed"),
}
