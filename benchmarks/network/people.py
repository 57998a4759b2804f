"""How a library names people: order, dates, initials, phonetic spelling, pen names; headings and statement."""

from __future__ import annotations

from benchmarks.network.publication import Person
from benchmarks.network.said import Said, Teller

ROLE_WORDS = {
    "translator": ("{} dịch", "{} dịch", "Dịch: {}", "Người dịch: {}"),
    "illustrator": ("{} minh họa", "Minh họa: {}", "tranh: {}"),
    "chief": ("{} (ch.b.)", "{} (tổng ch.b.)", "Chủ biên: {}"),
    "editor": ("{} (ch.b.)", "{} biên soạn", "{}"),
    "adapter": ("{} kể", "{} biên soạn", "Lời: {}"),
    "compiler": ("{} sưu tầm, tuyển chọn", "{} biên soạn", "{} tuyển chọn"),
}
MAKERS = ("author", "corporate", "chief", "editor", "adapter", "compiler")
MOST_TOGETHER = 3


def say_people(said: Said, teller: Teller) -> None:
    """The people the library knows of, and the statement of responsibility."""
    p = said.publication
    makers = [(person, role) for person, role in p.people if role in MAKERS]
    if makers and not teller.happens("author"):
        makers = []
        said.kinds.add("no-author")
    elif makers and teller.happens("author_code"):
        said.kinds.add("author-code")
        said.remark = f"mã TG {len(makers[0][0].name) * 37:04d}"
        makers = []
    helpers = [(q, role) for q, role in p.people if role in ("translator", "illustrator") and teller.happens(role)]
    said.states |= {"author"} if makers else set()
    said.states |= {role for _, role in helpers}
    if "translator" in {role for _, role in p.people} - said.states:
        said.kinds.add("no-translator")
    named = [(_form(person, teller, said), role) for person, role in makers + helpers]
    said.statement = _statement([(q, role) for q, role in makers + helpers], teller, said)
    if teller.profile.is_marc and named and teller.happens("only_statement"):
        said.kinds.add("people-in-statement-only")
        named = []
    said.people = named
    if not p.names(*MAKERS) and teller.chance(0.25):
        said.people = [("Nhiều tác giả", "author"), *named]


def _form(person: Person, teller: Teller, said: Said) -> str:
    """The name as a heading."""
    if person.other and teller.happens("other_name"):
        said.kinds.add("name-other")
        return person.other
    if person.family:
        return _foreign(person, teller, said)
    form = teller.form("name_forms")
    name = person.name
    if name.startswith("Ban "):
        return name
    if teller.happens("initials") and len(name.split()) > 2:
        first, *rest = name.split()
        said.kinds.add("name-initials")
        return f"{first} {' '.join(word[0] + '.' for word in rest)}"
    if form.startswith("comma"):
        family, _, given = name.partition(" ")
        name = f"{family}, {given}" if given else name
        said.kinds.add("name-order")
    if form.endswith("dates") and person.dates:
        name += f", {person.dates}"
    return name.upper() if form == "upper" else name


def _foreign(person: Person, teller: Teller, said: Said) -> str:
    form = teller.form("foreign_forms")
    first = person.name.removesuffix(person.family).strip()
    if form == "phonetic" and person.phonetic:
        said.kinds.add("name-phonetic")
        return person.phonetic
    if form.startswith("index"):
        said.kinds.add("name-order")
        name = f"{person.family}, {first}" if first else person.family
        if teller.chance(0.1) and first:
            said.kinds.add("name-initials")
            name = f"{person.family}, {first[0]}."
        return f"{name}, {person.dates}" if form.endswith("dates") and person.dates else name
    return person.name


def _statement(people: list[tuple[Person, str]], teller: Teller, said: Said) -> str:
    """«Victor Hugo ; Trần Văn An dịch»; of many authors only the first."""
    spoken = "phonetic" in teller.profile.forms["foreign_forms"] and "name-phonetic" in said.kinds
    parts, authors = [], [person for person, role in people if role in ("author", "corporate")]
    if authors:
        names = [person.phonetic if spoken and person.phonetic else person.name for person in authors]
        parts.append(", ".join(names[:MOST_TOGETHER]))
    for person, role in people:
        if role not in ("author", "corporate"):
            parts.append(teller.random.choice(ROLE_WORDS[role]).format(person.name))
    return " ; ".join(parts)
