"""What an owner does with the books of a bookcase. Each act has a key that the page made: a repeat does nothing more.

The act is written down with its result (so many copies) before it is done, and done again from there should it have
been cut: what is said is a number, never "one more".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID, uuid4

from django.utils import timezone

from hub.catalog import bulk, reads, writes
from hub.catalog.models import Member
from hub.network.models import Library
from hub.normalize.corrections import plain
from hub.normalize.identifiers import isbn13
from hub.partners.models import Entry
from hub.stages import entries, soon
from hub.stages.entries import Entered
from schemas.problem import Trouble

MOST = 999  # copies
FIELDS = ("title", "author", "publisher", "year", "isbn")
YEAR = re.compile(r"(1[5-9]|20)\d\d")


def copies_of(text: str) -> int:
    """A number of copies; :class:`Trouble` ``entry_copies``."""
    text = text.strip() or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST):
        raise Trouble("entry_copies", most=MOST)
    return int(text)


def key_of(text: str) -> UUID:
    """The key of an act, as the page made it; a new one where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def add(library: Library, key: UUID, uid: str, copies: int, *, by: str) -> Entry:
    """A book picked from the union catalog, so many copies more."""
    number = reads.union_number(uid)
    union = reads.survivor(number) if number else None
    said = entries.described(union) if union else None
    if union is None or said is None:
        raise Trouble("entry_gone")
    own = entries.of_union(library, union)
    act, fresh = _begun(library, key, Entry.Act.ADD, said.title, own, copies + (own.copies if own else 0), by)
    if act.record:
        return act

    def after(now: int) -> int:
        """With what another phone has added since the book was looked up."""
        if fresh and now != act.before:
            act.before, act.after = now, now + copies
            act.save(update_fields=["before", "after"])
        return act.after

    identifier, cells = (own.identifier, own.cells) if own else (str(key), entries.cells_of(said))
    picked = union if identifier == str(key) else 0
    return _done(act, entries.put(library, identifier, cells, after, by=by, union=picked), by)


def add_new(library: Library, key: UUID, given: Mapping[str, str], copies: int, *, by: str) -> Entry:
    """A book that is not in the union catalog, in the words of its owner."""
    cells = cells_of_form(given)
    act, _ = _begun(library, key, Entry.Act.ADD, cells["title"], None, copies, by)
    return act if act.record else _done(act, entries.put(library, str(key), cells, act.after, by=by), by)


def cells_of_form(given: Mapping[str, str]) -> dict[str, str]:
    """The five fields of the form; nothing else gets through. :class:`Trouble` where one cannot be right."""
    cells = {name: text for name in FIELDS if (text := plain(given.get(name, ""))[:300])}
    if "title" not in cells:
        raise Trouble("entry_title")
    if "year" in cells and not YEAR.fullmatch(cells["year"]):
        raise Trouble("year_wrong", value=cells["year"][:20])
    if "isbn" in cells and not isbn13(cells["isbn"]):
        raise Trouble("isbn_wrong", value=cells["isbn"][:40])
    return cells


def change(library: Library, key: UUID, book: Entered, copies: int, *, by: str) -> Entry:
    """So many copies of a book that is there; 0 takes it out of the bookcase."""
    kind = Entry.Act.CHANGE if copies else Entry.Act.REMOVE
    act, _ = _begun(library, key, kind, book.cells.get("title", ""), book, copies, by)
    return act if act.record else _set(library, act, book, by)


def undo(library: Library, act: Entry, *, by: str) -> Entry:
    """Take the last act about a book back; :class:`Trouble` ``entry_changed`` where it has been changed since."""
    book = entries.entered(library, act.record)
    if book is None or act.undone_at is not None or book.copies != act.after:
        raise Trouble("entry_changed")
    back, _ = _begun(library, uuid4(), Entry.Act.UNDO, act.title, book, act.before, by)
    made = _set(library, back, book, by)
    Entry.objects.filter(pk=act.pk).update(undone_at=timezone.now())
    return made


def _set(library: Library, act: Entry, book: Entered, by: str) -> Entry:
    if act.after:
        return _done(act, entries.put(library, book.identifier, book.cells, act.after, by=by), by)
    entries.remove(library, book.identifier, by=by)
    return _done(act, book, by)


def _begun(
    library: Library, key: UUID, kind: str, title: str, book: Entered | None, after: int, by: str
) -> tuple[Entry, bool]:
    """The act as it was written down: now (``True``), or when it was asked for first (with ``record`` if done)."""
    with bulk.writing():
        known = Entry.objects.filter(pk=key).first()
        if known is not None:
            if known.library_id != library.pk:
                raise Trouble("entry_changed")
            return known, False
        made = Entry.objects.create(
            key=key, library=library, act=kind, record=0, title=title[:300], before=book.copies if book else 0,
            after=after, by=by, at=timezone.now(),
        )  # fmt: skip
    return made, True


def _done(act: Entry, book: Entered, by: str) -> Entry:
    with bulk.writing():
        act.record = book.number
        act.save(update_fields=["record"])
        facts = {"record": book.number, "before": act.before, "after": act.after}
        writes.audit(by, f"copies.{act.act}", act.library_id, **facts)
    soon.soon()
    return act


def own_copies(library: Library, unions: list[int]) -> dict[int, int]:
    """How many copies the bookcase has of each of some union records."""
    rows = Member.objects.filter(
        union__in=unions,
        record__source__library=library,
        record__source__connector=entries.CONNECTOR,
        record__state="live",
    )
    return dict(rows.values_list("union", "record__bib__copies"))
