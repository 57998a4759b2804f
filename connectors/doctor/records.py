"""The sample of records: can they be read, is their text whole, what do they have, and what must not be in them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from connectors.doctor.finding import COMPLETENESS, Evidence, Finding, found
from connectors.doctor.formats import MARC
from connectors.doctor.known import Known
from connectors.doctor.marc_rules import breaches
from connectors.doctor.visit import SHOWN
from schemas import encodings
from schemas.format import Reading
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord, Record, is_control, subfields
from schemas.syllables import says_vietnamese

TITLES = frozenset({"100", "110", "245", "246", "260", "264", "300", "500", "520", "650", "653", "700"})
QUESTION = re.compile(r"[^\W\d_]\?[^\W\d_]|\b[bcdđghklmnpqrstvx]{1,3}\?", re.IGNORECASE)  # a syllable without its vowel
LEGACY = ("tcvn3", "vni", "viscii", "vn1")
RULES = ("marc_title", "marc_leader", "marc_008", "marc_numbers", "marc_tags", "marc_indicators", "marc_repeated")
ENOUGH = {  # the share (%) of records that should have a field; old books have no ISBN, some books no author
    "author": 60, "publisher": 80, "year": 90, "language": 80, "subject": 50, "classification": 80, "isbn": 20,
}  # fmt: skip
STAFF = ("912",)  # where Vietnamese union catalogs keep the names of their staff
PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]{2,}"  # an e-mail address
    r"|(?<!\d)(?:\+84|0)(?:3|5|7|8|9)\d{8}(?!\d)"  # a Vietnamese mobile number
)
NON_PUBLIC = (("952", "x"), ("852", "x"), ("583", "x"), ("541", "f"))  # notes that are not for the public
BORROWED = re.compile(r"\b(?:borrower|patron|cardnumber|bạn đọc|người mượn|số thẻ)\b", re.IGNORECASE)


@dataclass
class Sample:
    """The sample, read."""

    known: Known
    raws: list[RawRecord] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    unread: list[tuple[RawRecord, Problem]] = field(default_factory=list)

    def evidence(self, raw: RawRecord) -> Evidence:
        """The record by itself: the request for it, and how it begins."""
        start = " ".join(raw.body[:SHOWN].decode("utf-8", "replace").split())
        return Evidence(self.known.visit.shown(self.known.get(raw.identifier)), start)

    def example(self, number: int) -> str:
        """The identifier of a record that was read."""
        return self.raws[number].identifier


def examine(known: Known) -> tuple[list[Finding], dict[str, int]]:
    """What is found in the sample, and the share (%) of its records that have a field."""
    sample = _read(known)
    if known.form is None or not (sample.records or sample.unread):
        return [], {}
    findings = [*_unread(sample)]
    if sample.records:
        findings += [*_text(sample), *_private(sample)]
        if known.form.name in MARC and known.form.name != "unimarc":
            findings += _rules(sample)
    shares = {name: _share(sample, HAS[name]) for name in COMPLETENESS} if sample.records else {}
    return [*findings, *_thin(sample, shares)], shares


def _read(known: Known) -> Sample:
    """The records of the sample as the harvest would read them."""
    sample = Sample(known)
    for raw in known.records:
        if raw.deleted or raw.problem is not None or known.form is None:
            continue
        try:
            record = known.form.parse(raw.body, Reading())
        except Trouble as trouble:
            sample.unread.append((raw, trouble.problem))
            continue
        sample.raws.append(raw)
        sample.records.append(record)
    return sample


def _unread(sample: Sample) -> Iterator[Finding]:
    count, of = len(sample.unread), len(sample.unread) + len(sample.records)
    if sample.unread:
        raw, problem = sample.unread[0]
        yield found("records_unreadable", sample.evidence(raw), problem, count=count, of=of, example=raw.identifier)
    else:
        yield found("records_good", None, count=of)


# Text


def _words(record: Record) -> str:
    """What of a record people read."""
    values = (v for tag, content in record.fields if tag in TITLES for _, v in subfields(content))
    return "\n".join(values)


def _title(record: Record) -> str:
    return "\n".join(record.values("245", "abc"))


def _text(sample: Sample) -> Iterator[Finding]:
    """Letters that were lost or mistaken on the way, each kind once with an example."""
    hits: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, record in enumerate(sample.records):
        for code, seen in _damage(record):
            hits[code].append((number, seen))
    for code, marks in hits.items():
        facts = {"count": len(marks), "of": len(sample.records), "example": sample.example(marks[0][0])}
        yield found(code, sample.evidence(sample.raws[marks[0][0]]), None, seen=marks[0][1], **facts)
    if not hits:
        yield found("text_good", None, count=len(sample.records))


def _damage(record: Record) -> Iterator[tuple[str, str]]:
    text = _words(record)
    if text.isascii() and "?" not in text:
        return
    if (mended := encodings.mend_mojibake(text)) is not None:
        yield "mojibake", _pair(text, mended)
    elif legacy := _legacy(_title(record)) or _legacy(text):
        yield "legacy_encoding", _pair(legacy[1], legacy[2], legacy[0])
    elif "\ufffd" in text or QUESTION.search(_title(record)):
        yield "lost_letters", _title(record).replace("\n", " ")[:80]


def _pair(text: str, mended: str, name: str = "") -> str:
    """The first line that differs, as it came and as it should be."""
    pairs = zip(text.split("\n"), mended.split("\n"), strict=False)
    came, right = next(((a, b) for a, b in pairs if a != b), (text, mended))
    return f"«{came[:60]}» → «{right[:60]}»" + (f" ({name.upper()})" if name else "")


def _legacy(text: str) -> tuple[str, str, str] | None:
    """An old Vietnamese encoding shown as Western letters: its name, the text, and what it says."""
    if says_vietnamese(text):
        return None
    found_name, _ = encodings.detect([text.encode("cp1252", "ignore")])
    if found_name not in LEGACY:
        return None
    try:
        again = encodings.reread(text, found_name)
    except Trouble:
        return None
    return (found_name, text, again) if says_vietnamese(again) else None


# Rules


def _rules(sample: Sample) -> Iterator[Finding]:
    """The rules of MARC 21 that records break, each once with what was seen most."""
    records: dict[str, set[int]] = defaultdict(set)
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for number, record in enumerate(sample.records):
        for breach in breaches(record):
            records[breach.code].add(number)
            seen[breach.code][breach.seen] += 1
    for code in RULES:
        if numbers := records.get(code):
            common = ", ".join(name for name, _ in seen[code].most_common(8))
            facts = {"count": len(numbers), "of": len(sample.records), "example": sample.example(min(numbers))}
            yield found(code, sample.evidence(sample.raws[min(numbers)]), None, seen=common, **facts)
    if not records:
        yield found("marc_good", None, count=len(sample.records))


# Completeness


def _has_year(record: Record) -> bool:
    return bool(re.search(r"\d{4}", record.first("260", "c") + record.first("264", "c") + record.control("008")[7:11]))


def _has_language(record: Record) -> bool:
    return bool(record.first("041", "a")) or record.control("008")[35:38].strip(" |") not in ("", "und", "zxx", "xxx")


def _any(*tags: str, codes: str = "abcdefghijklmnopqrstuvwxyz") -> Callable[[Record], bool]:
    wanted = frozenset(tags)

    def has(record: Record) -> bool:
        return any(
            code in codes and value.strip()
            for tag, content in record.fields
            if tag in wanted
            for code, value in subfields(content)
        )

    return has


HAS: dict[str, Callable[[Record], bool]] = {
    "title": _any("245", codes="abnp"),
    "author": _any("100", "110", "111", "700", "710", "711", codes="a"),
    "isbn": _any("020", codes="a"),
    "publisher": _any("260", "264", codes="b"),
    "year": _has_year,
    "language": _has_language,
    "subject": _any("600", "610", "611", "630", "648", "650", "651", "653", codes="a"),
    "classification": _any("050", "060", "070", "080", "082", "084", codes="a"),
    "holdings": _any("852", "952"),
}


def _share(sample: Sample, has: Callable[[Record], bool]) -> int:
    """In percent; 100 and 0 mean all and none."""
    count, of = sum(map(has, sample.records)), len(sample.records)
    return 100 if count == of else min(99, max(1 if count else 0, round(100 * count / of)))


def _thin(sample: Sample, shares: dict[str, int]) -> Iterator[Finding]:
    if not shares:
        return
    if shares["title"] < 100:
        lacking = next(n for n, record in enumerate(sample.records) if not HAS["title"](record))
        yield found(
            "no_title",
            sample.evidence(sample.raws[lacking]),
            share=100 - shares["title"],
            example=sample.example(lacking),
        )
    if not shares["holdings"] and sample.known.form and sample.known.form.name in MARC:
        yield found("no_holdings", sample.evidence(sample.raws[0]))
    few = [name for name, least in ENOUGH.items() if shares[name] < least]
    if few:
        yield found("thin", None, fields=",".join(f"{name}:{shares[name]}" for name in few))
    else:
        yield found("complete_good")


# What must not be sent


def _private(sample: Sample) -> Iterator[Finding]:
    """Names of staff and notes that are not for the public; what they say is not repeated here."""
    places: Counter[str] = Counter()
    example = ""
    for number, record in enumerate(sample.records):
        for place in _private_places(record):
            places[place] += 1
            example = example or sample.example(number)
    if places:
        names = ", ".join(place for place, _ in places.most_common(8))
        yield found("personal_data", None, places=names, count=sum(places.values()), example=example)
    else:
        yield found("no_personal_data", None, count=len(sample.records))


def _private_places(record: Record) -> Iterator[str]:
    for tag, content in record.fields:
        if is_control(tag):
            continue
        if tag in STAFF:
            yield tag
        for code, value in subfields(content):
            local = tag.startswith("9") or (tag, code) in NON_PUBLIC
            if local and value.strip() and tag not in STAFF and (PERSONAL.search(value) or BORROWED.search(value)):
                yield f"{tag} ${code}"
