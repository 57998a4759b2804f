"""Load and check ``harvest_config``: one YAML file a source, the file's name is the source's name.

Bad configuration dies here, with the file, the line and the valid keys; secrets stand only as names of environment
variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from connectors.connector import Connector, Job, connectors
from hub.home import CONFIG, sources_folder
from hub.match.rules import Rules
from hub.normalize.rules import Rules as NormalizationRules
from hub.normalize.rules import Vocabulary
from hub.normalize.rules import vocabulary as ready
from schemas import isis
from schemas.encodings import NAMES, find
from schemas.format import Reading, find_format, formats
from schemas.headings import FIELDS
from schemas.problem import Trouble

Kind = Literal[
    "national", "public", "children", "ward", "commune", "school", "university", "special", "armed_forces", "community",
    "private", "clan", "family", "learning", "youth", "digital", "publisher", "foreign", "other",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)
CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
WRONG = {  # pydantic's type of an error: the code that says it
    "string_pattern_mismatch": "value_not_code",
    "string_type": "value_not_text",
    "int_type": "value_not_number",
    "int_parsing": "value_not_number",
    "float_type": "value_not_number",
    "float_parsing": "value_not_number",
    "bool_type": "value_not_true_or_false",
    "bool_parsing": "value_not_true_or_false",
    "model_type": "value_not_mapping",
    "dict_type": "value_not_mapping",
    "cron": "value_not_cron",
    "unknown_word": "value_unknown",
    "literal_error": "value_unknown",
    "marc_place": "value_not_place",
}


def _one_of(known: Callable[[], Iterable[str]]) -> AfterValidator:
    """A word that must be one of those known."""

    def check(word: str) -> str:
        if word not in known():
            raise _unknown(known())
        return word

    return AfterValidator(check)


def _unknown(known: Iterable[str]) -> PydanticCustomError:
    return PydanticCustomError("unknown_word", "unknown", {"known": ", ".join(known)})


def _encoding(name: str) -> str:
    try:
        return name if name == "auto" else find(name)
    except Trouble:
        raise _unknown(("auto", *NAMES)) from None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(_Strict):
    """A name in Vietnamese, and in English where there is one."""

    vi: str
    en: str = ""


class LibraryEntry(_Strict):
    """Whose records these are; the code alone once the library is known."""

    code: str = Field(pattern=CODE)
    name: Name | None = None
    kind: Kind = "other"
    unit: str = ""
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


def _source_field(source: str) -> str:
    if not isis.SOURCE.fullmatch(source.lower()):
        raise PydanticCustomError("marc_place", "marc_place")
    return source


def _marc_place(target: str) -> str:
    try:
        isis.read_table({"1": target})
    except Trouble:
        raise PydanticCustomError("marc_place", "marc_place") from None
    return target


class ItemsEntry(_Strict):
    """Which subfields of a field of items say what; several letters are put together."""

    location: str = Field(default="", pattern=r"^[a-z0-9]*$")
    call_number: str = Field(default="", pattern=r"^[a-z0-9]*$")
    accession: str = Field(default="", pattern=r"^[a-z0-9]*$")
    copies: str = Field(default="", pattern=r"^[a-z0-9]*$")


def _droppable(name: str) -> str:
    """A name that some format can take out; a table would take any, so it does not count."""
    if not any(form.obeys(name) for form in formats().values() if form.tables is None):
        raise ValueError("no format has a field of this name")
    return name


class ReadingEntry(_Strict):
    """How the bytes are to be read: see :class:`schemas.format.Reading`."""

    encoding: Annotated[str, AfterValidator(_encoding)] = "auto"
    columns: dict[str, Annotated[str, _one_of(lambda: FIELDS)]] = {}
    sheet: str = ""
    items: dict[Annotated[str, Field(pattern=r"^[0-9A-Za-z]{3}$")], ItemsEntry] = {}
    suppressed: list[Annotated[str, Field(pattern=r"^[0-9]{3}[0-9a-z]$")]] = ["942n"]
    field_table: dict[Annotated[str, AfterValidator(_source_field)], Annotated[str, AfterValidator(_marc_place)]] = {}


class GuardEntry(_Strict):
    """How many records one run may remove without a person: see :class:`hub.sources.Guard`."""

    most: int = Field(default=50, ge=0)
    share: float = Field(default=0.05, ge=0, le=1)


class AvailabilityEntry(_Strict):
    """Where the library's system says what is on the shelf: see :mod:`connectors.availability`."""

    kind: Literal["koha", "opac", "z3950"]
    url: str = Field(pattern=r"^(https?://[^\s{}]+\{id\}[^\s{}]*|z3950://[^\s{}]+)$")
    allow_private: bool = False


class SourceFile(_Strict):
    """A source file as it stands in ``harvest_config/sources``."""

    library: LibraryEntry
    connector: Annotated[str, _one_of(connectors)]
    format: Annotated[str, _one_of(formats)]
    schedule: str = ""
    trust: int = Field(50, ge=0, le=100)
    reading: ReadingEntry = ReadingEntry()
    guard: GuardEntry = GuardEntry()
    drop: list[Annotated[str, Field(min_length=1)]] = []
    availability: AvailabilityEntry | None = None
    options: dict[str, Any] = {}

    @field_validator("schedule")
    @classmethod
    def _schedule(cls, schedule: str) -> str:
        try:
            CronSim(schedule or "* * * * *", datetime(2026, 1, 1, tzinfo=UTC))
        except CronSimError:
            raise PydanticCustomError("cron", "cron") from None
        return schedule


FEW, HALF = 5, 0.5  # of a small source: so many records, or this share of it, may always go


@dataclass(frozen=True, slots=True)
class Guard:
    """How many records of a source one run may remove: ``most``, or ``share`` of them where that is more.

    Whatever ``most`` says, more than half of a source (or its ``share``, where that is more) and more than five records
    wait for a person: a small source would have no guard otherwise.
    """

    most: int = 50
    share: float = 0.05

    def allows(self, removed: int, of: int) -> bool:
        """Whether so many of so many may go."""
        return removed <= max(self.most, self.share * of) and removed <= max(FEW, HALF * of, self.share * of)


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """A source as configured: its file's content, its connector and the folder relative paths start from."""

    name: str
    entry: SourceFile
    connector: Connector
    options: BaseModel
    folder: Path

    @property
    def guard(self) -> Guard:
        """How many records one run may remove."""
        return Guard(**self.entry.guard.model_dump())

    def job(self, checkpoint: dict[str, Any], *, full: bool = False) -> Job:
        """What a harvest of this source asks of its connector."""
        return Job(
            source=self.name,
            options=self.options,
            format=find_format(self.entry.format),
            reading=Reading(**self.entry.reading.model_dump()),
            checkpoint=checkpoint,
            full=full,
            folder=self.folder,
        )


def source_files() -> list[Path]:
    """The source files, in order of their names."""
    folder = sources_folder()
    if not folder.is_dir():
        raise Trouble("sources_folder_missing", path=folder)
    return sorted(folder.glob("*.yaml"))


def load_source(name: str) -> SourceConfig:
    """The source ``name``; an unknown one is a :class:`Trouble` that lists the known ones."""
    path = sources_folder() / f"{name}.yaml"
    if not path.is_file():
        raise Trouble("source_unknown", name=name, known=", ".join(p.stem for p in source_files()) or "–")
    return read_source(path)


def read_source(path: Path) -> SourceConfig:
    """A source file, validated whole: keys, connector, format, the connector's own options."""
    return parse_source(_text(path), path)


def parse_source(text: str, path: Path) -> SourceConfig:
    """The same of a text that is to become the file ``path``."""
    entry = validated(SourceFile, _yaml(text, path), path, text)
    return make_source(path.stem, entry, path.parent.resolve(), path, text)


def make_source(name: str, entry: SourceFile, folder: Path, path: Path, text: str = "") -> SourceConfig:
    """A source of an entry; its connector's options are checked by the connector's own model.

    What the format cannot take out is :class:`Trouble` ``drop_unknown``: names would be stored that are to be gone.
    """
    if entry.format == "isis" and not entry.reading.field_table:
        reading = entry.reading.model_copy(update={"field_table": isis_table()})
        entry = entry.model_copy(update={"reading": reading})
    form = find_format(entry.format)
    for wanted in entry.drop:
        if not form.obeys(wanted):
            line = _line_of_item(text, "drop", wanted)
            raise Trouble("drop_unknown", path=path, line=line, value=wanted[:80], format=form.name)
    connector = connectors()[entry.connector]
    options = validated(connector.options, entry.options, path, text)
    return SourceConfig(name, entry, connector, options, folder)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Trouble("config_not_utf8", path=path) from None


def _yaml(text: str, path: Path) -> Any:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise Trouble("yaml_broken", path=path, line=line, detail=getattr(error, "problem", None) or error) from None
    if not isinstance(content, dict):
        raise Trouble("yaml_not_mapping", path=path)
    return content


def validated_file(model: type[BaseModel], path: Path) -> Any:
    """A YAML file as the model; what is wrong with it is a :class:`Trouble`."""
    text = _text(path)
    return validated(model, _yaml(text, path), path, text)


def validated(model: type[BaseModel], content: Any, path: Path, text: str = "") -> Any:
    """The content as the model; the first thing wrong is a :class:`Trouble` with file, line, key and valid keys."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][-1]) if first["loc"] else ""
        where = ".".join(str(part) for part in first["loc"])
        facts: dict[str, object] = {"path": path, "line": _line_of(text, key), "key": where}
        if first["type"] == "extra_forbidden":
            raise Trouble("key_unknown", known=", ".join(_valid(model, first["loc"][:-1])), **facts) from None
        if first["type"] == "missing":
            raise Trouble("key_missing", **facts) from None
        raise _wrong_value(first, facts) from None


def _wrong_value(error: ErrorDetails, facts: dict[str, object]) -> Trouble:
    """What is wrong with a value, in the words of its kind of error."""
    context = error.get("ctx", {})
    known = context.get("known") or str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
    detail = error["msg"].removeprefix("Value error, ").rstrip(".")
    code = WRONG.get(error["type"], "value_wrong")
    return Trouble(code, value=str(error["input"])[:80], detail=detail, known=known, **facts)


def _valid(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    for part in path:
        inner = model.model_fields[part].annotation if part in model.model_fields else None
        for candidate in [inner, *getattr(inner, "__args__", ())]:
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                model = candidate
    return list(model.model_fields)


def _line_of(text: str, key: str) -> int:
    """The line a key stands on (1 where it is missing)."""
    for number, line in enumerate(text.splitlines(), 1):
        if f"{key}:" in line.split("#")[0]:
            return number
    return 1


def _line_of_item(text: str, key: str, item: str) -> int:
    """The line on which an item of the list of a key stands, or that of the key."""
    first = _line_of(text, key)
    lines = text.splitlines()[first - 1 :]
    return next((number for number, line in enumerate(lines, first) if item in line), first)


@cache
def isis_table() -> dict[str, str]:
    """The field table of ``harvest_config/cds_isis.yaml``, for CDS/ISIS sources that bring none."""
    path = CONFIG / "cds_isis.yaml"
    text = _text(path)
    entry: ReadingEntry = validated(ReadingEntry, _yaml(text, path), path, text)
    return entry.field_table


@cache
def matching_rules() -> Rules:
    """The rules of ``harvest_config/matching.yaml``."""
    path = CONFIG / "matching.yaml"
    text = _text(path)
    rules: Rules = validated(Rules, _yaml(text, path), path, text)
    return rules


class PersonalFile(_Strict):
    """The fields that may hold personal data, each with the reason."""

    fields: dict[Annotated[str, AfterValidator(_droppable)], str] = {}


@cache
def personal_fields() -> tuple[str, ...]:
    """The fields of ``harvest_config/personal.yaml``, taken out of every record before it is stored."""
    path = CONFIG / "personal.yaml"
    text = _text(path)
    found: PersonalFile = validated(PersonalFile, _yaml(text, path), path, text)
    return tuple(found.fields)


@cache
def normalization_rules() -> NormalizationRules:
    """The vocabularies of ``harvest_config/normalization.yaml``."""
    path = CONFIG / "normalization.yaml"
    text = _text(path)
    rules: NormalizationRules = validated(NormalizationRules, _yaml(text, path), path, text)
    return rules


@cache
def vocabulary() -> Vocabulary:
    """The same, ready for :func:`hub.normalize.normalize.normalize`."""
    return ready(normalization_rules())
