"""Normalization of a record: rules, each named and with a version, each change reported with what stood before.

The rules look at the whole packed record first and touch fields only where something is to be done. Which rule does
what and why stands in ``docs/normalization.md``; what the record was stays in the raw record, and in the repairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from hub.normalize import letters
from hub.normalize.context import Context, context_of
from hub.normalize.country import country, fixed_country
from hub.normalize.dates import BLANK_DATES, date, fixed_dates
from hub.normalize.edition import edition
from hub.normalize.extent import extent, size
from hub.normalize.identifiers import isbn_field, issn_field
from hub.normalize.imprint import book_company, place_rule, publisher
from hub.normalize.language import inferred, languages, stated
from hub.normalize.local import print_run
from hub.normalize.names import capitals, role
from hub.normalize.price import coded_price, price
from hub.normalize.rule import Change, Moved, Repair, Rule
from hub.normalize.rules import Rules, Vocabulary, digest
from hub.normalize.volume import has_lone_volume, lone_volume, series_volume, title_volume, volume
from schemas.record import DELIMITER, Field, Record

IMPRINT = ("260", "264")
NAMES = ("100", "600", "700")
SERIES = ("440", "490", "800", "810", "811", "830")
OTHER_KINDS = "zuvxyqw"  # leader/06 of authority, holdings, classification and community records
TEXT: tuple[tuple[str, Callable[[str], bool], Callable[[str], str]], ...] = (
    ("invisible@1", letters.has_invisible, letters.visible),
    ("gha@1", letters.has_gha, letters.gha),
    ("eth@2", letters.has_eth, letters.eth),
    ("R-14@1", letters.has_stray_marks, letters.marks),
)
NFC, SPACES, LONE_VOLUME = "nfc@1", "R-20@1", "R-16@1"
RULES: tuple[Rule, ...] = (
    Rule("R-11", 2, ("020",), print_run, "d", everywhere=True),
    Rule("R-11", 2, ("020",), print_run, "c", everywhere=True),
    Rule("R-10", 2, ("020",), isbn_field, "a", everywhere=True),
    Rule("R-06", 1, ("020",), price, "c"),
    Rule("R-06", 1, ("365",), coded_price, "b"),
    Rule("R-21", 1, ("022",), issn_field, "a", everywhere=True),
    Rule("R-19", 1, ("041",), languages, everywhere=True),
    Rule("R-13", 2, ("044",), country, "a", everywhere=True),
    Rule("R-17", 1, NAMES, role, "a"),
    Rule("R-18", 1, NAMES, capitals, "a"),
    Rule("R-07", 2, ("245",), volume, "n"),
    Rule("R-07", 2, ("245",), title_volume, "a"),
    Rule("R-07", 2, SERIES, series_volume, "v"),
    Rule("R-08", 2, ("250",), edition, "a"),
    Rule("R-09", 2, IMPRINT, date, "c"),
    Rule("R-01", 2, IMPRINT, place_rule("R-01"), "a"),
    Rule("R-02", 2, IMPRINT, place_rule("R-02"), "a"),
    Rule("R-03", 1, IMPRINT, publisher, "b"),
    Rule("R-04", 2, IMPRINT, book_company, "b"),
    Rule("R-05", 1, ("300",), extent, "a"),
    Rule("R-15", 1, ("300",), size),
)
INFERRED, DATES = "R-12@1", "R-09@2"
FIXED = (("R-19@1", stated), (INFERRED, inferred), ("R-13@2", fixed_country))  # in 008


class Normalized(NamedTuple):
    """A record said the hub's way, the same packed, and the repairs made."""

    record: Record
    packed: str
    repairs: list[Repair]


def rule_names() -> tuple[str, ...]:
    """Every rule with its version, in the order in which they are applied."""
    fixed = (name for name, _ in FIXED)
    names = (NFC, *(name for name, _, _ in TEXT), SPACES, LONE_VOLUME, *(rule.title for rule in RULES), *fixed, DATES)
    return tuple(dict.fromkeys(names))


def rules_version(rules: Rules) -> str:
    """32 characters that change whenever a rule or a vocabulary does."""
    return digest(rules, rule_names())


def normalize(record: Record, vocabulary: Vocabulary) -> Normalized:
    """Apply the rules; normalizing twice changes nothing more."""
    repairs: list[Repair] = []
    packed = record.pack()
    fields = record.fields
    composed = letters.nfc(packed)
    if composed is not packed and composed != packed:
        packed, fields = composed, _composed(composed, fields, repairs)
    fields = _letters(record.leader, fields, packed, repairs)
    if letters.has_spaces(fields):
        fields = _spaces(fields, repairs)
    if record.leader[6:7] not in OTHER_KINDS or len(record.leader) < 7:
        if has_lone_volume(packed):
            fields = _lone_volume(fields, repairs)
        fields = _by_field(record.leader, fields, vocabulary, repairs)
    if not repairs:
        return Normalized(record, packed, repairs)
    made = Record(record.leader, fields)
    return Normalized(made, made.pack(), repairs)


def _letters(leader: str, fields: tuple[Field, ...], packed: str, repairs: list[Repair]) -> tuple[Field, ...]:
    """The fields with their letters mended; what one rule mends may be what another looks for, so again until done."""
    for _ in TEXT:
        count = len(repairs)
        for rule, needed, change in TEXT:
            if needed(packed):
                fields = _each(fields, rule, change, repairs)
        if len(repairs) == count:
            break
        packed = Record(leader, fields).pack()
    return fields


def _composed(packed: str, fields: tuple[Field, ...], repairs: list[Repair]) -> tuple[Field, ...]:
    """The fields in NFC, of the record that was composed in one go."""
    made = Record.unpack(packed).fields
    repairs += [
        (NFC, tag, content, after[1]) for (tag, content), after in zip(fields, made, strict=True) if content != after[1]
    ]
    return made


def _each(fields: Iterable[Field], rule: str, change: Callable[[str], str], repairs: list[Repair]) -> tuple[Field, ...]:
    made = []
    for tag, content in fields:
        after = change(content)
        if after != content:
            repairs.append((rule, tag, content, after))
        made.append((tag, after))
    return tuple(made)


def _spaces(fields: Iterable[Field], repairs: list[Repair]) -> tuple[Field, ...]:
    """R-20: blanks, in the same way."""
    made = []
    for tag, content in fields:
        after = letters.spaces(tag, content)
        if after != content:
            repairs.append((SPACES, tag, content, after))
        made.append((tag, after))
    return tuple(made)


def _lone_volume(fields: tuple[Field, ...], repairs: list[Repair]) -> tuple[Field, ...]:
    found = lone_volume(fields)
    if found is None:
        return fields
    repairs += [(LONE_VOLUME, "245", found.before, found.after), (LONE_VOLUME, *found.gone, "")]
    return found.fields


Step = tuple[str, str, Change]  # a rule's title, what a content must have for it ("\x1fa"), and what it does


def _by_tag(everywhere: bool) -> dict[str, tuple[Step, ...]]:
    found: defaultdict[str, tuple[Step, ...]] = defaultdict(tuple)
    for rule in RULES:
        if rule.everywhere or not everywhere:
            for tag in rule.tags:
                found[tag] += ((rule.title, DELIMITER + rule.code, rule.change),)
    return dict(found)


HERE, EVERYWHERE = _by_tag(everywhere=False), _by_tag(everywhere=True)


def _by_field(
    leader: str, fields: tuple[Field, ...], vocabulary: Vocabulary, repairs: list[Repair]
) -> tuple[Field, ...]:
    """The rules of single fields, and then those of 008, which look at what the others have made."""
    context = context_of(fields, vocabulary)
    rules = HERE if context.ours or context.vietnamese or context.country == "vm" else EVERYWHERE
    made: list[Field] = []
    added: dict[Field, str] = {}  # a new field, and the rule that moved it there
    for field in fields:
        meant = rules.get(field[0])
        if meant is None:
            made.append(field)
        elif after := _changed(*field, meant, context, added, repairs):
            made.append((field[0], after))
    for field, rule in added.items():
        _insert(field, rule, made, repairs)
    return _fixed(made, leader, context, repairs)


def _insert(field: Field, rule: str, fields: list[Field], repairs: list[Repair]) -> None:
    """Put a new field before the first one of a higher tag, unless it is there already."""
    if field not in fields:
        fields.insert(next((i for i, (tag, _) in enumerate(fields) if tag > field[0]), len(fields)), field)
        repairs.append((rule, field[0], "", field[1]))


def _changed(
    tag: str, content: str, steps: tuple[Step, ...], context: Context, added: dict[Field, str], repairs: list[Repair]
) -> str:
    """A field's content after its rules; ``""`` when it has all moved elsewhere."""
    for rule, needed, change in steps:
        if needed not in content:
            continue
        after = change(content, context)
        if after is content:
            continue
        if isinstance(after, Moved):
            added |= dict.fromkeys(after.fields, rule)
            after = after.content
        if after != content:
            repairs.append((rule, tag, content, after))
            content = after
    return content


def _fixed(fields: list[Field], leader: str, context: Context, repairs: list[Repair]) -> tuple[Field, ...]:
    """008: language, country and dates where they are blank; a language that it has no place for goes to 041."""
    at = _place_of("008", fields)
    fixed = before = fields[at][1] if at >= 0 else ""
    if context.inferred and len(fixed) < 38 and _place_of("041", fields) < 0:
        _insert(("041", f"  {DELIMITER}a{context.language}"), INFERRED, fields, repairs)
        at = _place_of("008", fields)
    if at < 0:
        return tuple(fields)
    if fixed[35:38] != context.language or fixed[15:18].rstrip() != context.country:
        for rule, change in FIXED:
            fixed = _noted(rule, fixed, change(fixed, context), repairs)
    if fixed[7:11] in BLANK_DATES:
        fixed = _noted(DATES, fixed, fixed_dates(fixed, leader, fields), repairs)
    if fixed is not before:
        fields[at] = "008", fixed
    return tuple(fields)


def _place_of(tag: str, fields: list[Field]) -> int:
    for at, field in enumerate(fields):
        if field[0] == tag:
            return at
    return -1


def _noted(rule: str, before: str, after: str, repairs: list[Repair]) -> str:
    if after != before:
        repairs.append((rule, "008", before, after))
    return after
