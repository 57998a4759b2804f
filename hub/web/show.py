"""How values are shown in templates: numbers, days, moments, links, codes by their names."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest
from django.template.defaultfilters import date
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from hub.accounts.roles import Permission
from hub.catalog.reads import union_uid
from hub.operations.schedule import span
from hub.web.names import name_of

register = template.Library()
register.filter("named", name_of)
register.filter("uid", union_uid)


@register.filter
def number(value: int | float | None) -> str:
    """1234567 → 1.234.567 (vi), 1,234,567 (en)."""
    return "" if value is None else str(number_format(value, use_l10n=True, force_grouping=True))


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """14:05 22/11/2026 in the library's zone."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), date(local, "H:i d/m/Y"))


@register.filter
def ago(value: datetime | None) -> str:
    """How long ago, in the largest unit: "3 giờ trước"."""
    if value is None:
        return ""
    if (timezone.now() - value).total_seconds() < 60:
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": span(value, timezone.now())}


@register.filter
def sees(request: HttpRequest | None, library: str) -> bool:
    """Whether the reader sees the sources of a library, their runs and what waits of them."""
    reader = getattr(request, "user", None)
    return reader is not None and bool(reader.may(Permission.SOURCES_SEE, library))


@register.filter
def may(request: HttpRequest | None, permission: str) -> bool:
    """Whether the reader has a permission somewhere (``request|may:"lending.act"``)."""
    reader = getattr(request, "user", None)
    return reader is not None and reader.is_authenticated and bool(reader.may(Permission(permission)))


@register.filter
def web_link(value: str) -> str:
    """The address when it is a plain http or https one, else ``""``: nothing else becomes a link."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    plain = value.isprintable() and " " not in value and value.startswith(("http://", "https://"))
    return value if plain and parts.hostname else ""


@register.filter
def host(value: str) -> str:
    """The host of an address, to say where a link leads."""
    return urlsplit(value).hostname or ""


@register.filter
def share(part: int, whole: int) -> str:
    """A part of a whole as a percentage for an SVG attribute ("12.5%")."""
    return f"{100 * part / whole if whole else 0:.3f}%"
