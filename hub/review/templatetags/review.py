"""How the desk shows texts in which differences are marked, weights, and whether a page is for its reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.match import wording
from hub.review import diff

register = template.Library()
SPOKEN: dict[str, Any] = {
    diff.LETTERS: _("other letters"),
    diff.MARKS: _("other marks"),
    diff.CASE: _("other case"),
    diff.ONLY: _("only here"),
    diff.HIDDEN: _("hidden sign"),
}
TAGS = {diff.LETTERS: "mark", diff.MARKS: "mark", diff.CASE: "mark", diff.HIDDEN: "mark"}
DOUBTS: dict[str, Any] = {"brief": _("one of the two says too little")}


@register.filter
def marked(parts: Sequence[diff.Part], side: int = 1) -> SafeString:
    """The parts of a text with what differs marked, by an element, by signs around it and by words for the ear."""
    return format_html_join("", "{}", ((_part(part, side),) for part in parts))


def _part(part: diff.Part, side: int) -> SafeString | str:
    if part.kind == diff.SAME:
        return part.text
    tag = TAGS.get(part.kind, "ins" if side > 1 else "del")
    spoken = SPOKEN[part.kind]
    return format_html(
        '<{} class="is-{}">{}<span class="spoken"> ({})</span></{}>', tag, part.kind, part.shown, spoken, tag
    )


@register.filter
def points(weight: float, signed: str = "") -> str:
    """A weight as the language writes it: +1,5 (``signed``) or 8,3."""
    text = number_format(f"{abs(weight):.2f}".rstrip("0").rstrip("."), use_l10n=True)
    sign = ("+" if weight > 0 else "−" if weight < 0 else "") if signed else ("−" if weight < 0 else "")
    return f"{sign}{text}"


@register.filter
def doubt(name: str) -> str:
    """What leaves a question open: the field that speaks against it, or that too little is said."""
    if name in DOUBTS:
        return str(DOUBTS[name])
    return wording.words(wording.FIELDS, name)[language()]


@register.filter
def status(verdict: str) -> str:
    """A verdict in words."""
    return wording.words(wording.STATUSES, verdict)[language()]


@register.filter
def get(table: Mapping[Any, Any], key: Any) -> Any:
    """A value of a table, or nothing."""
    return table.get(key, "")


@register.filter
def plain(text: str) -> str:
    """A text in which signs that nobody sees are shown by their code points."""
    return "".join(f"[U+{ord(sign):04X}]" if diff.hidden(sign) else sign for sign in text)


@register.filter
def may_review(request: Any) -> bool:
    """Whether the reader works at the desk."""
    user = getattr(request, "user", None)
    return bool(user is not None and user.may(Permission.REVIEW_SEE))


@register.simple_tag
def act_words(kind: str, count: int = 1, said: str = "") -> str:
    """What an act was, in words."""
    if kind in ("same", "different") and count > 1:
        text = gettext("%(n)s pairs: the same") if kind == "same" else gettext("%(n)s pairs: different")
        return text % {"n": number_format(count, use_l10n=True, force_grouping=True)}
    words = {
        "same": gettext("the same publication"),
        "different": gettext("different publications"),
        "unsure": gettext("not sure"),
        "lead": gettext("leads its union record"),
        "field": gettext("field %(tag)s is taken from it") % {"tag": said},
        "generic": gettext("the title says too little"),
    }
    return words.get(kind, kind)
