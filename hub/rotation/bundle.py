"""A place without a line: a bundle for a USB stick, and what it brings back.

The bundle is a ZIP with a page that a browser opens from the stick: the library's catalog to search, its boxes, forms
for what is done with them and for books that are new. The page saves what was done as a file
(``bundle_wrong`` for any other), each act with a key and its time. Taken in twice, late and out of order it leads to
the same end, because hand-overs are put in order by their time and books by their keys.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.catalog.models import Holding, Record
from hub.catalog.reads import descriptions, union_uid
from hub.match.description import Description
from hub.network.models import Library
from hub.rotation import boxes
from hub.rotation.models import Box, BoxCopy, Handover, Plan, Stop
from hub.stages import entries
from hub.stages.sheets import sheet
from schemas.problem import Problem, Trouble

LARGEST = 4 * 2**20  # bytes that come back
MOST = 5_000  # acts in a file
KEY = re.compile(r"[0-9a-f-]{16,40}")
AHEAD = timedelta(days=1)  # a clock without a line may be wrong by so much
SOON = timedelta(days=120)


@dataclass(slots=True)
class Taken:
    """What a file brought: acts that were new, acts known already, and those that were refused, with the reason."""

    new: int = 0
    known: int = 0
    refused: list[tuple[str, Problem]] = field(default_factory=list)


def pack(library: Library, now: datetime) -> bytes:
    """The bundle of a library (ZIP)."""
    held, near = list(_holdings(library)), _boxes(library, now)
    data = {
        "lienthong": 1,
        "library": library.pk,
        "name": library.name_vi,
        "made": timezone.localtime(now).isoformat(timespec="minutes"),
        "books": [[uid, title, author, year, call, copies] for uid, title, author, year, call, copies in held],
        "boxes": near,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
        page = render_to_string("rotation/offline_page.html", {"library": library, "data": _embedded(data)})
        _add(bundle, "mo-tep-nay.html", page.encode(), now)
        header = [_("Number"), _("Title"), _("Author"), _("Year"), _("Call number"), _("Copies")]
        _add(bundle, "danh-muc.csv", sheet(header, held), now)
        rows = [[one["code"], one["name"], copy["title"], copy["accession"]] for one in near for copy in one["copies"]]
        _add(bundle, "hop.csv", sheet([_("Box"), _("Name"), _("Title"), _("Accession number")], rows), now)
        _add(bundle, "du-lieu.json", orjson.dumps(data, option=orjson.OPT_INDENT_2), now)
    return stream.getvalue()


def _add(bundle: zipfile.ZipFile, name: str, content: bytes, now: datetime) -> None:
    local = timezone.localtime(now)
    bundle.writestr(zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, 0)), content,
                    zipfile.ZIP_DEFLATED)  # fmt: skip


def _embedded(data: Any) -> str:
    """JSON that may stand in a script of HTML."""
    text = orjson.dumps(data).decode()
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _holdings(library: Library) -> Iterator[tuple[str, str, str, str, str, int]]:
    rows = Holding.objects.filter(library=library, record__member__isnull=False)
    found = list(rows.values_list("record__member__union", "call_number", "copies").order_by("record__member__union"))
    said: dict[int, Description] = {}
    for start in range(0, len(found), 500):
        said |= descriptions([number for number, *_ in found[start : start + 500]])
    for number, call, copies in found:
        it = said.get(number)
        if it is not None:
            title = " ".join(filter(None, (it.title, it.part)))
            yield union_uid(number), title, it.people[0][0] if it.people else "", str(it.year or ""), call, copies


def _boxes(library: Library, now: datetime) -> list[dict[str, Any]]:
    """The boxes that are here, on their way here, or come soon."""
    day = timezone.localdate(now)
    coming = Stop.objects.filter(
        library=library, plan__state=Plan.State.IN_FORCE, last__gte=day, first__lte=day + SOON
    ).values_list("box_id", flat=True)
    given = Handover.objects.filter(act=Handover.Act.GIVEN, other=library).values_list("box_id", flat=True)
    found = []
    places, soon, sent = boxes.everywhere(), set(coming), set(given)
    for box in Box.objects.filter(retired_at=None).order_by("code"):
        at = places.get(box.pk, boxes.Where(box.home_id, "with"))
        if at.custodian == library.pk or box.pk in soon or (at.state == "on_the_way" and box.pk in sent):
            rows = BoxCopy.objects.filter(box=box).select_related("copy").order_by("copy__title", "copy__accession")
            copies = [{"id": row.copy_id, "title": row.copy.title, "accession": row.copy.accession} for row in rows]
            here = at == (library.pk, "with")
            found.append({"code": box.pk, "name": box.name, "here": here, "copies": copies})
    return found


def take(body: bytes, library: Library, *, by: str, now: datetime) -> Taken:
    """Take in what came back; the same file again changes nothing."""
    acts = _acts(body, library)
    taken = Taken()
    for number, act in enumerate(acts, start=1):
        name = f"{number}. {str(act.get('box') or act.get('title') or act.get('act'))[:80]}"
        try:
            if _do(act, library, by, now):
                taken.new += 1
            else:
                taken.known += 1
        except Trouble as trouble:
            taken.refused.append((name, trouble.problem))
    return taken


def _acts(body: bytes, library: Library) -> list[dict[str, Any]]:
    if len(body) > LARGEST:
        raise Trouble("bundle_wrong", detail=f"> {LARGEST // 2**20} MiB")
    try:
        data = orjson.loads(body)
        acts = data["acts"]
        if data["lienthong"] != 1 or not isinstance(acts, list) or len(acts) > MOST:
            raise ValueError("lienthong")
        if not all(isinstance(one, dict) for one in acts):
            raise ValueError("acts")
    except (ValueError, KeyError, TypeError) as error:
        raise Trouble("bundle_wrong", detail=str(error)[:100]) from None
    if data.get("library") != library.pk:
        raise Trouble("bundle_other", code=str(data.get("library"))[:40])
    return acts


def _do(act: dict[str, Any], library: Library, by: str, now: datetime) -> bool:
    """Do one act; whether it was new."""
    key = str(act.get("key", ""))
    if not KEY.fullmatch(key):
        raise Trouble("bundle_wrong", detail="key")
    if act.get("act") == "book":
        return _book(act, key, library, by)
    box = Box.objects.filter(pk=str(act.get("box", ""))[:20]).first()
    if box is None or act.get("act") not in ("receive", "give"):
        raise Trouble("bundle_wrong", detail=str(act.get("box", ""))[:40])
    name = f"usb:{library.pk}:{key}"[:64]
    if Handover.objects.filter(key=name).exists():
        return False
    signed = boxes.Signed(_text(act, "signed", 100), _moment(act, now), name, by, _text(act, "carrier", 100),
                          _text(act, "note", 500))  # fmt: skip
    said = act.get("counts")
    counts = {int(copy): str(count) for copy, count in said.items() if copy.isdigit()} if isinstance(said, dict) else {}
    if act["act"] == "receive":
        boxes.receive(box, library.pk, counts, signed)
    else:
        boxes.give(box, library.pk, None, counts, signed)
    return True


def _book(act: dict[str, Any], key: str, library: Library, by: str) -> bool:
    title = _text(act, "title", 500)
    if not title:
        raise Trouble("bundle_wrong", detail=_("a book without a title"))
    cells = {name: _text(act, name, 300) for name in ("author", "isbn", "year", "publisher")}
    copies = act.get("copies")
    count = copies if isinstance(copies, int) and 1 <= copies <= 999 else 1
    known = Record.objects.filter(source__name=entries.name_of(library.pk), identifier=key).exists()
    if not known:
        entries.put(library, key, {"title": title} | cells, count, by=by)
    return not known


def _text(act: dict[str, Any], name: str, most: int) -> str:
    return " ".join(str(act.get(name) or "").replace("\0", "").split())[:most]


def _moment(act: dict[str, Any], now: datetime) -> datetime:
    """When it was done, by a clock that may be wrong; without a zone it is the zone of the hub."""
    text = str(act.get("at", ""))[:40]
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble("rotation_day_wrong", value=text) from None
    at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    if at > now + AHEAD or at.year < 2000:
        raise Trouble("rotation_day_wrong", value=text)
    return at
