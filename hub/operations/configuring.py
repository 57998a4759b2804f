"""The settings of a source: as a form and as the YAML itself, looked at as a difference before they are written."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.access import needs, reader_of, scoped
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.operations import guess, source_files
from hub.operations.done import to, told
from hub.operations.phrases import parse
from hub.operations.schedule import in_words
from hub.operations.yaml_text import Keys, set_value
from hub.sources import KINDS, SourceConfig
from schemas.encodings import NAMES
from schemas.format import find_format
from schemas.problem import Trouble

OF_ALL: tuple[tuple[Keys, tuple[str, ...]], ...] = (  # keys of every source, and what they may be
    (("schedule",), ()),
    (("trust",), ()),
    (("library", "kind"), KINDS),
    (("library", "unit"), ()),
    (("reading", "encoding"), ("auto", *NAMES)),
    (("reading", "sheet"), ()),
    (("guard", "most"), ()),
    (("guard", "share"), ()),
)
DEFAULTS = {
    "trust": "50",
    "reading.encoding": "auto",
    "guard.most": "50",
    "guard.share": "0.05",
    "library.kind": "other",
}
SHEET = "reading.sheet"
NUMBERS = ("trust", "guard.most")
SHARES = ("guard.share",)
SIMPLE = (str, int, bool, timedelta, date)


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the file as the form shows it; ``value`` is "" where the default holds."""

    key: str
    value: str
    default: str
    choices: tuple[str, ...] = ()


def fields(text: str, config: SourceConfig | None) -> list[Field]:
    """The values of a source file that the form can change."""
    content = yaml.safe_load(text) or {}
    table = config is None or find_format(config.entry.format).tables is not None
    every = [(".".join(keys), _said(content, keys), choices) for keys, choices in OF_ALL]
    found = [
        Field(key, value, DEFAULTS.get(key, ""), choices) for key, value, choices in every if table or key != SHEET
    ]
    found[0] = Field("schedule", in_words(str(content.get("schedule") or "")), "")
    for name, field in type(config.options).model_fields.items() if config else ():
        kind = _kind(field.annotation)
        if kind:
            default = "" if field.is_required() else _plain(field.get_default(call_default_factory=True))
            choices = ("true", "false") if kind is bool else ()
            found.append(Field(f"options.{name}", _said(content, ("options", name)), default, choices))
    return found


def _kind(annotation: Any) -> type | None:
    """The simple type of an option; ``None`` for lists and mappings, which are edited as YAML."""
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        inner = [_kind(part) for part in typing.get_args(annotation) if part is not type(None)]
        return inner[0] if len(inner) == 1 else None
    if typing.get_origin(annotation) is typing.Literal:
        return str
    if typing.get_origin(annotation) is typing.Annotated:
        return _kind(typing.get_args(annotation)[0])
    return annotation if annotation in SIMPLE else None


def _said(content: Any, keys: Keys) -> str:
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return "" if content is None or isinstance(content, dict | list) else _plain(content)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        unit, size = next(
            ((u, s) for u, s in (("d", 86400), ("h", 3600), ("m", 60)) if seconds and seconds % s == 0), ("s", 1)
        )
        return f"{seconds // size}{unit}"
    return "" if value is None else str(value)


def edited(text: str, given: dict[str, str], now: list[Field]) -> str:
    """The text with what the form changed."""
    for field in now:
        said = given.get(field.key, field.value).strip()
        if said != field.value:
            text = set_value(text, tuple(field.key.split(".")), _value(field, said))
    return text


def _value(field: Field, said: str) -> Any:
    if field.key == "schedule":
        return parse(said) or None
    if said == "":
        return None
    if field.choices == ("true", "false"):
        return said == "true"
    if field.key in NUMBERS or (field.default.isdigit() and said.isascii() and said.isdigit()):
        return int(said) if said.isascii() and said.isdigit() else said
    if field.key in SHARES:
        try:
            return float(said.replace(",", "."))
        except ValueError:
            return said
    return said


def _known(request: HttpRequest, name: str) -> tuple[str, SourceConfig | None, str]:
    """(the text, the source as far as the file is right, what is wrong with it)."""
    text = source_files.text_of(name)
    try:
        config = source_files.checked(name, text)
    except Trouble as trouble:
        scoped(reader_of(request), Permission.SOURCES_MANAGE, "")
        return text, None, trouble.problem.sentence(language())
    scoped(reader_of(request), Permission.SOURCES_MANAGE, config.entry.library.code)
    return text, config, ""


@needs(Permission.SOURCES_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, name: str) -> HttpResponse:
    """The settings; what is given is shown as a difference first, and written when that is confirmed."""
    try:
        text, config, wrong = _known(request, name)
    except Trouble as trouble:
        return _no_file(request, name, trouble)
    if request.method != "POST":
        return _page(request, name, text, config, wrong=wrong)
    given = _given(request)
    try:
        if request.POST.get("act") == "save":
            source_files.replace(name, given, request.POST.get("digest", ""), by=reader_of(request).signature)
            return to("source-settings", name, done="saved")
        after = given if request.POST.get("act") == "text" else edited(text, request.POST.dict(), fields(text, config))
        source_files.checked(name, after)
    except Trouble as trouble:
        return _page(request, name, text, config, wrong=trouble.problem.sentence(language()), status=400, draft=given)
    changed = source_files.changes(text, after)
    context = {"name": name, "after": after, "changes": changed, "digest": source_files.digest(text)}
    return render(request, "operations/difference.html", context)


def _no_file(request: HttpRequest, name: str, trouble: Trouble) -> HttpResponse:
    context = {"name": name, "wrong": trouble.problem.sentence(language())}
    return render(request, "operations/no_file.html", context, status=404)


def _given(request: HttpRequest) -> str:
    """The text of the form, with the line ends of a file."""
    text = request.POST.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    return text if not text or text.endswith("\n") else text + "\n"


def _page(
    request: HttpRequest, name: str, text: str, config: SourceConfig | None, *, wrong: str = "", status: int = 200,
    draft: str = "", findings: list[str] | None = None,
) -> HttpResponse:  # fmt: skip
    shown = fields(text, config)
    url = str(getattr(config.options, "url", "")) if config else ""
    context = {
        "name": name,
        "text": draft or text,
        "general": [field for field in shown if not field.key.startswith("options.")],
        "options": [field for field in shown if field.key.startswith("options.")],
        "posted": request.POST if status == 400 else {},
        "doctor": url if config and config.entry.connector == "oai_pmh" else "",
        "findings": findings,
        "told": told(request),
        "wrong": wrong,
    }
    return render(request, "operations/settings.html", context, status=status)


@needs(Permission.SOURCES_MANAGE)
@require_POST
def check(request: HttpRequest, name: str) -> HttpResponse:
    """Ask the partner without harvesting, and say what is wrong."""
    try:
        text, config, wrong = _known(request, name)
    except Trouble as trouble:
        return _no_file(request, name, trouble)
    if config is None:
        return _page(request, name, text, config, wrong=wrong, status=409)
    asked = guess.brief(config)
    try:
        findings = [problem.sentence(language()) for problem in asked.connector.check(asked.job({}))]
    except Trouble as trouble:
        findings = [trouble.problem.sentence(language())]
    return _page(request, name, text, config, findings=findings)
