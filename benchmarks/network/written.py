"""How a description is written down: identifiers, what is joined in the title, spelling, slips and damage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from benchmarks.network import spelling
from benchmarks.network.publication import Publication
from benchmarks.network.said import Said, Teller
from tests.sample_network.books import ascii_only
from tests.sample_network.legacy import mojibake
from tests.sample_network.words import hyphenated, isbn10

Neighbors = Mapping[str, Sequence[Publication]]  # the volumes of each unit; under "" books with ISBNs of all kinds


def identify(said: Said, teller: Teller, units: Neighbors) -> None:
    """Its own ISBN or that of its set, as it stands in the book or damaged."""
    p, isbn = said.publication, said.printing.isbn or said.publication.set_isbn
    if not isbn or not teller.happens("isbn"):
        said.kinds.add("no-isbn")
        return
    if teller.happens("isbn_damage"):
        said.isbns, kind = _damaged(isbn, said, teller, units)
        said.kinds.add(kind)
        return
    if p.set_isbn and isbn == p.set_isbn:
        said.kinds.add("isbn-of-set")
    else:
        said.states.add("isbn")
    if teller.chance(0.06) and isbn.startswith("978"):
        isbn = isbn10(isbn)
        said.kinds.add("isbn-10")
    elif teller.form("isbn_forms") == "hyphens":
        isbn = hyphenated(isbn)
    said.isbns = [isbn]
    if p.set_isbn and teller.chance(0.2) and said.printing.isbn:
        said.isbns.append(p.set_isbn)


def _damaged(isbn: str, said: Said, teller: Teller, units: Neighbors) -> tuple[list[str], str]:
    others = [q for q in units.get(said.publication.unit, ()) if q.printings[0].isbn and q is not said.publication]
    if others and teller.chance(0.5):
        return [teller.random.choice(others).printings[0].isbn], "isbn-of-another-volume"
    if not teller.profile.is_marc and teller.chance(0.7):
        return [f"{float(isbn):.5E}"], "isbn-float"
    if teller.chance(0.1) and units[""]:
        return [teller.random.choice(units[""]).printings[0].isbn], "isbn-of-another-book"
    if teller.chance(0.3):
        return [isbn[:-1]], "isbn-cut"
    at = teller.random.randrange(4, 13)
    return [isbn[:at] + str((int(isbn[at]) + teller.random.randint(1, 9)) % 10) + isbn[at + 1 :]], "isbn-typo"


def join(said: Said, teller: Teller) -> None:
    """Subtitle and volume in the title where the library puts them there."""
    place = teller.form("subtitle_places")
    forms = {"brackets": "{} ({})", "a": "{} : {}", "dash": "{} - {}", "colon": "{}: {}"}
    if said.subtitle and (place in forms or (place == "column" and said.brief)):
        said.title = forms.get(place, "{} ({})").format(said.title, said.subtitle)
        said.subtitle = ""
        said.kinds.add("subtitle-in-title")
    if said.volume and (said.volume_place == "a" or (said.volume_place != "column" and not teller.profile.is_marc)):
        if teller.profile.format != "onix":
            pattern = teller.one_of("{}. {}", "{} - {}", "{} {}", "{} ({})", "{}, {}", "{}: {}")
            said.title = pattern.format(said.title, said.volume)
            said.volume, said.volume_place = "", "a"
    elif said.volume_place == "b":
        said.subtitle = f"{said.subtitle} {said.volume}".strip()
        said.volume = ""
    elif said.volume_place == "v":
        said.series, said.series_volume, said.volume = said.series or said.publication.title, said.volume, ""
    if said.parts and not teller.profile.is_marc:
        said.title += f" (trọn bộ {said.parts} tập)"
    if said.note:
        said.title += f" ({said.note})"


TEXTS = (
    "title",
    "subtitle",
    "part",
    "parallel",
    "statement",
    "publisher",
    "place",
    "series",
    "edition",
    "note",
    "pages",
)
TITLES = ("title", "subtitle", "part")


def each(
    said: Said, change: Callable[[str], str], kind: str, texts: Sequence[str] = TEXTS, people: bool = False
) -> None:
    """Change some texts of a description; the kind is noted if the title is another then."""
    before = said.title
    for name in texts:
        setattr(said, name, change(getattr(said, name)))
    if people:
        said.people = [(change(name), role) for name, role in said.people]
    if said.title != before:
        said.kinds.add(kind)


def slips(said: Said, teller: Teller) -> None:
    """A wrong mark or a slip of the pen in the title, before a volume stands in it."""
    random = teller.random
    if teller.happens("wrong_mark"):
        each(said, lambda text: spelling.wrong_mark(text, random), "wrong-mark", ("title",))
    if teller.happens("typing"):
        each(said, lambda text: spelling.slip(text, random), "slip", ("title",))


def spell(said: Said, teller: Teller) -> None:
    """The spelling that the library is used to: i or y, where the tone stands, capitals, no marks."""
    if teller.happens("iy"):
        each(said, spelling.other_iy, "i-y", TITLES)
    if teller.happens("tone_after"):
        each(said, spelling.tone_after, "tone-placement", people=True)
    if teller.happens("lower"):
        each(said, spelling.small, "capitals", ("title",))
    elif teller.happens("capitals"):
        each(said, str.upper, "capitals", ("title", "subtitle", "part"))
    if teller.happens("unmarked"):
        each(said, ascii_only, "no-marks", people=True)
        said.marked = False


def damage(said: Said, teller: Teller) -> None:
    """What old software did to the whole record."""
    random = teller.random
    for name, change in (
        ("soft_hyphen", lambda text: spelling.lost_hyphens(text, random)),
        ("vni", spelling.vni),
        ("twice", spelling.converted_twice),
        ("mojibake", mojibake),
    ):
        if teller.happens(name):
            each(said, change, f"damage-{name.replace('_', '-')}", people=True)
            return
