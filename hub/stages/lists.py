"""What can be harvested by itself follows the catalog: sets of union records, each library's own records.

Sets are written with the union records themselves; what is left for here is a catalog that has none yet, and libraries
that became another kind. Own lists follow the raw records: a record is in its library's list in the last version that
could be read. Records of another hub are in none: their own hub gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.catalog import bulk, selections, writes
from hub.catalog.models import Listed, Member, Record, Selection, Source, Union
from hub.network.models import Library
from hub.network.shown import hidden
from hub.stages.merge import change_time
from hub.stages.report import storing

BATCH = 5_000
TOLD = ("shown", "hidden")  # notes of libraries that everybody may see, or could see once; "never" is the third


def follow(*, whole: bool = False) -> dict[str, int]:
    """Bring sets and own lists up to the catalog; ``whole`` compares every record instead of those that came since."""
    counts = {"filled": 0, "moved": 0, "own": 0}
    with storing():
        with bulk.writing():
            counts["filled"] = selections.fill()
        counts["moved"] = _kinds()
        if whole:
            counts["own"] += _strays()
        for source in Source.objects.select_related("library").order_by("id"):
            counts["own"] += _own(source, whole)
        _shown()
    return counts


def is_hub(source: Source) -> bool:
    """Whether a source is another hub, as its file says (``options: hub: true``)."""
    return bool(source.settings.get("options", {}).get("hub"))


def _kinds() -> int:
    """Union records of libraries that became another kind have changed: they are in other sets now."""
    moved = 0
    notes = dict(Selection.objects.filter(spec__startswith="library:").values_list("spec", "note"))
    for code, kind in Library.objects.order_by("code").values_list("code", "kind"):
        before = notes.get(f"library:{code}")
        if before is None or before == kind:
            continue
        with bulk.writing():
            if before:
                unions = _unions_of(code)
                _touch(unions)
                moved += len(unions)
            Selection.objects.filter(spec=f"library:{code}").update(note=kind)
    return moved


def _unions_of(library: str) -> list[int]:
    sql = (
        f'SELECT DISTINCT m."union" FROM {bulk.table(Member)} m JOIN {bulk.table(Record)} r ON r.id = m.record_id'
        f" JOIN {bulk.table(Source)} s ON s.id = r.source_id WHERE s.library_id = %s"
    )
    return [row[0] for row in bulk.query(sql, [library])]


def _touch(unions: Sequence[int]) -> None:
    changed = change_time()
    bulk.touch(f"UPDATE {bulk.table(Union)} SET datestamp = %s WHERE id IN {{}}", unions, [writes.stamp(changed)])
    selections.keep(dict.fromkeys(unions, selections.clock(changed)), {})


def _shown() -> None:
    """A library that wants to be named, or no longer: its list and its union records have changed as a whole."""
    away = hidden()
    for listed in Selection.objects.filter(spec__startswith=f"{selections.OWN}:"):
        code = listed.spec.partition(":")[2]
        note = "shown" if code not in away else "hidden" if listed.note in TOLD else "never"
        if listed.note != note:
            with bulk.writing():
                selections.note_own(code, note, changed=bool(listed.note))
                if listed.note:
                    _touch(_unions_of(code))


def _strays() -> int:
    """Records whose source is another library's now leave the list of the library it was."""
    sql = (
        f"SELECT l.item FROM {bulk.table(Listed)} l JOIN {bulk.table(Record)} r ON r.id = l.item"
        f" JOIN {bulk.table(Source)} s ON s.id = r.source_id"
        " WHERE l.selection = %s AND NOT l.gone AND s.library_id <> %s"
    )
    left = 0
    for number, spec in Selection.objects.filter(spec__startswith=f"{selections.OWN}:").values_list("id", "spec"):
        code = spec.partition(":")[2]
        strays = [row[0] for row in bulk.query(sql, [number, code])]
        if strays:
            with bulk.writing():
                left += selections.list_own(code, {}, strays)
    return left


def _own(source: Source, whole: bool) -> int:
    """The records of a source in its library's own list: those that have a new version, or all."""
    newest = bulk.query(f"SELECT MAX(raw) FROM {bulk.table(Record)} WHERE source_id = %s", [source.pk])[0][0] or 0
    last = 0 if whole else source.listed
    reached = newest  # behind which a record may wait to be read
    written = 0
    while last < newest:
        with bulk.writing():
            rows = bulk.query(
                f"SELECT raw, id, state, good FROM {bulk.table(Record)} WHERE source_id = %s AND raw > %s"
                f" ORDER BY raw LIMIT {BATCH}",
                [source.pk, last],
            )
            if not rows:
                break
            written += _list(source, rows)
            last = rows[-1][0]
            reached = min([reached, *(raw - 1 for raw, _, state, _ in rows if state == "pending")])
            Source.objects.filter(pk=source.pk).update(listed=min(reached, last))
    return written


def _list(source: Source, rows: Sequence[tuple[Any, ...]]) -> int:
    """List records (raw, number, state, good) as they are; one that waits to be read stays as it was listed."""
    given = {number: good for _, number, state, good in rows if state == "live" and good}
    gone = [number for _, number, state, good in rows if state != "pending" and not (state == "live" and good)]
    if is_hub(source):
        given, gone = {}, [row[1] for row in rows]
    return selections.list_own(source.library_id, given, gone, told=_told(source.library_id))


def _told(code: str) -> bool:
    """Whether anybody knows, or knew once, of a library's own records."""
    return code not in hidden() or Selection.objects.filter(spec=selections.own(code), note__in=TOLD).exists()
