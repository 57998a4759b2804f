"""The letter: a diagnosis in plain words, as paragraphs for a page and as text for a screen or an e-mail."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from string import Formatter

from connectors.doctor.costs import Severity
from connectors.doctor.finding import Diagnosis, Evidence, Figures, Finding
from connectors.doctor.words import WORDS
from schemas.wording import SENTENCES

WIDTH = 88

SECTIONS: dict[Severity, dict[str, str]] = {
    Severity.BLOCKS: {"vi": "Chưa thu hoạch được", "en": "No harvest is possible"},
    Severity.LOSES: {"vi": "Thu hoạch sẽ mất mát hoặc sai", "en": "A harvest loses or mistakes something"},
    Severity.NOTE: {"vi": "Nên biết", "en": "Worth knowing"},
    Severity.GOOD: {"vi": "Tốt", "en": "Good"},
}
SUMMARY: dict[Severity, dict[str, str]] = {
    Severity.BLOCKS: {
        "vi": "Hiện chưa thu hoạch được biểu ghi của kho này. Xin xem mục đầu tiên dưới đây.",
        "en": "The records of this repository cannot be harvested at present. Please see the first point below.",
    },
    Severity.LOSES: {
        "vi": "Thu hoạch được, nhưng có {count} điều khiến mục lục liên hợp thiếu hoặc sai. Điều tốn kém nhất đứng"
        " đầu.",
        "en": "It can be harvested, but {count} things make the union catalog incomplete or wrong. The most costly is"
        " the first.",
        "one_vi": "Thu hoạch được, nhưng có một điều khiến mục lục liên hợp thiếu hoặc sai.",
        "one_en": "It can be harvested, but one thing makes the union catalog incomplete or wrong.",
    },
    Severity.NOTE: {
        "vi": "Thu hoạch được trọn vẹn. Có {count} điều nên biết, không điều nào làm mất biểu ghi.",
        "en": "It can be harvested whole. There are {count} things worth knowing; none of them loses a record.",
        "one_vi": "Thu hoạch được trọn vẹn. Có một điều nên biết, không làm mất biểu ghi nào.",
        "one_en": "It can be harvested whole. There is one thing worth knowing; it loses no record.",
    },
    Severity.GOOD: {"vi": "Mọi thứ đều tốt.", "en": "All is well."},
}
LABELS = {
    "title": {"vi": "Thư về máy chủ OAI-PMH", "en": "Letter on an OAI-PMH server"},
    "cost": {"vi": "Hậu quả", "en": "What it costs"},
    "fix": {"vi": "Cách sửa", "en": "How to mend it"},
    "asked": {"vi": "Đã hỏi", "en": "Asked"},
    "came": {"vi": "Nhận được", "en": "What came"},
    "figures": {"vi": "Số liệu", "en": "Figures"},
    "requests": {"vi": "Số câu hỏi", "en": "Questions asked"},
    "milliseconds": {"vi": "Thời gian một câu hỏi (ms)", "en": "Time of a question (ms)"},
    "format": {"vi": "Khổ mẫu nên thu hoạch", "en": "Format to harvest"},
    "page": {"vi": "Biểu ghi mỗi trang", "en": "Records a page"},
    "announced": {"vi": "Biểu ghi của cả kho", "en": "Records in all"},
    "per_second": {"vi": "Biểu ghi mỗi giây", "en": "Records a second"},
    "minutes": {"vi": "Ước tính thu hoạch cả kho (phút)", "en": "A whole harvest, estimated (minutes)"},
    "sample": {"vi": "Biểu ghi đã xem", "en": "Records looked at"},
}
FIELDS = {
    "title": {"vi": "nhan đề", "en": "title"},
    "author": {"vi": "tác giả", "en": "author"},
    "isbn": {"vi": "ISBN", "en": "ISBN"},
    "publisher": {"vi": "nhà xuất bản", "en": "publisher"},
    "year": {"vi": "năm xuất bản", "en": "year"},
    "language": {"vi": "ngôn ngữ", "en": "language"},
    "subject": {"vi": "chủ đề", "en": "subject"},
    "classification": {"vi": "phân loại", "en": "classification"},
    "holdings": {"vi": "số bản và kho", "en": "copies and places"},
}


SINGULAR = {"are": "is", "have": "has", "keep": "keeps", "do": "does"}
_VERB = "(" + "|".join(SINGULAR) + ")"
_NOUN = "(record|page|set|question|request|field|identifier)s"
ONE_OF = re.compile(rf"(?<![\d.,])(1 of (?:the first )?[\d,]+ \w+) {_VERB}\b")
ONE = re.compile(rf"(?<![\d.,])1 {_NOUN}( of the sample)? {_VERB}\b")
ONE_ALONE = re.compile(rf"(?<![\d.,])1 {_NOUN}\b")


@dataclass(frozen=True, slots=True)
class Item:
    """A point of the letter; ``cost`` and ``fix`` are empty for what is good."""

    code: str
    what: str
    cost: str = ""
    fix: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The points of one severity."""

    severity: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A diagnosis in one language."""

    summary: str
    sections: tuple[Section, ...]
    figures: tuple[tuple[str, str], ...]
    complete: tuple[tuple[str, int], ...]


def write(diagnosis: Diagnosis, language: str = "vi") -> Letter:
    """The letter of a diagnosis in ``vi`` or ``en``."""
    sections = tuple(
        Section(severity.value, SECTIONS[severity][language], tuple(item(f, language) for f in findings))
        for severity in Severity
        if (findings := diagnosis.of(severity))
    )
    count, said = len(diagnosis.of(diagnosis.worst)), SUMMARY[diagnosis.worst]
    summary = said[f"one_{language}" if count == 1 and f"one_{language}" in said else language].format(count=count)
    complete = tuple((FIELDS[name][language], share) for name, share in diagnosis.figures.complete.items())
    return Letter(summary, sections, tuple(_figures(diagnosis.figures, language)), complete)


def item(finding: Finding, language: str) -> Item:
    """A finding in words."""
    facts = {name: _shown(value, language) for name, value in finding.facts.items()}
    facts["problem"] = _reason(finding, language)
    if "minutes" in facts:
        facts["minutes"] = span(int(finding.facts["minutes"]), language)
    if "fields" in facts:
        facts["fields"] = _fields(finding.facts["fields"], language)
    parts = [text.format_map(_Facts(facts)).strip() for text in WORDS[finding.code][language]]
    parts = [of_one(text) for text in parts] if language == "en" else parts
    what, cost, fix = parts if len(parts) == 3 else (parts[0], "", "")
    return Item(finding.code, what, cost, fix, finding.evidence)


def of_one(text: str) -> str:
    """English with the singular where it counts one: "1 records are" → "1 record is"."""
    text = ONE_OF.sub(lambda found: f"{found[1]} {SINGULAR[found[2]]}", text)
    text = ONE.sub(lambda found: f"1 {found[1]}{found[2] or ''} {SINGULAR[found[3]]}", text)
    text = ONE_ALONE.sub(r"1 \1", text)
    return text.replace("There are 1 ", "There is 1 ")


class _Facts(dict[str, str]):
    """Facts of which none is missing: what an old finding lacks is a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def _shown(value: str, language: str) -> str:
    """A number as the language writes it; other facts as they are."""
    return number(int(value), language) if value.isascii() and value.isdigit() and len(value) > 3 else value


def number(value: int, language: str) -> str:
    """1234 → 1.234 (vi), 1,234 (en)."""
    written = f"{value:,}"
    return written if language == "en" else written.replace(",", ".")


def span(minutes: int, language: str) -> str:
    """A length of time in its largest unit: 90 → "1 giờ"."""
    for size, vi, en in ((1440, "ngày", "day"), (60, "giờ", "hour"), (1, "phút", "minute")):
        if minutes >= 2 * size or size == 1:
            count = minutes // size
            return f"{number(count, language)} " + (vi if language == "vi" else en + "s" * (count != 1))
    raise AssertionError("a minute is the smallest unit")


def _reason(finding: Finding, language: str) -> str:
    """The sentence of the problem beneath, without what it says about settings of a harvest where it would mislead."""
    problem = finding.problem
    if problem is None or problem.code not in SENTENCES:
        return ""
    names = {name for _, name, _, _ in Formatter().parse(SENTENCES[problem.code][language]) if name}
    return problem.sentence(language) if names <= problem.facts.keys() else ""


def _fields(written: str, language: str) -> str:
    pairs = [part.partition(":") for part in written.split(",")]
    return ", ".join(f"{FIELDS[name][language]} {share} %" for name, _, share in pairs if name in FIELDS)


def _figures(figures: Figures, language: str) -> Iterator[tuple[str, str]]:
    if figures.prefix:
        yield LABELS["format"][language], f"{figures.prefix} ({figures.format})"
    for name in ("announced", "page", "sample", "requests", "milliseconds", "per_second", "minutes"):
        value = getattr(figures, name)
        if value:
            yield LABELS[name][language], number(value, language)


def as_text(diagnosis: Diagnosis, language: str = "vi") -> str:
    """The letter as plain text."""
    letter = write(diagnosis, language)
    at = datetime.fromisoformat(diagnosis.at).strftime("%H:%M %d/%m/%Y UTC")
    lines = [f"{LABELS['title'][language]}: {diagnosis.url}", at, "", *_wrapped(letter.summary), ""]
    for section in letter.sections:
        lines += [section.title.upper(), ""]
        for point, one in enumerate(section.items, 1):
            lines += _point(point, one, section.severity, language)
        lines += [""] if section.severity == Severity.GOOD else []
    lines += [LABELS["figures"][language].upper(), ""]
    lines += [f"  {label}: {value}" for label, value in letter.figures]
    lines += [f"  {label}: {share} %" for label, share in letter.complete]
    return "\n".join(lines) + "\n"


def _point(point: int, one: Item, severity: str, language: str) -> list[str]:
    if severity == Severity.GOOD:
        return _wrapped(one.what, "  + ", "    ")
    lines = _wrapped(one.what, f"{point:>3}. ", "     ")
    lines += _wrapped(f"{LABELS['cost'][language]}: {one.cost}", "     ", "     ")
    lines += _wrapped(f"{LABELS['fix'][language]}: {one.fix}", "     ", "     ")
    if one.evidence is not None:
        lines += [f"     {LABELS['asked'][language]}: {one.evidence.request}"]
        if one.evidence.start:
            lines += _wrapped(f"{LABELS['came'][language]}: {one.evidence.start[:200]}", "     ", "       ")
    return [*lines, ""]


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
