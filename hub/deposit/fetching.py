"""Files that a publisher's own OAI-PMH repository or feed points to: fetched and judged like any other.

Which publishers it is done for stands in ``harvest_config/deposit_rules.yaml`` (``fetch``). Of their harvested records
each link (856 $u) to an EPUB or PDF is fetched once, for the declared electronic publication of the same ISBN.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from connectors import private
from connectors.http import Client
from connectors.http_download import download
from hub.catalog.models import Bib
from hub.deposit import arriving
from hub.deposit.models import Delivery, Publication
from hub.deposit.rules import rules
from hub.match.description import Description
from schemas.problem import Trouble

DOOR = "oai"
ENDINGS = (".epub", ".pdf", ".mp3", ".m4b", ".m4a", ".wacz", ".warc.gz", ".zip")
A_ROUND = 5
LOOKED_AT = 1_000  # of a publisher's records, the newest
MOST = 2 * 2**30  # bytes
AGAIN = timedelta(hours=6)  # after a file could not be had
HUB = "lienthong"


def fetch(now: datetime) -> int:
    """Fetch some of what is not here yet; how many files came."""
    count = 0
    for code in rules().fetch:
        for publication, url in _wanted(code, now):
            if count >= A_ROUND:
                return count
            count += _bring(publication, url, now)
    return count


def _wanted(code: str, now: datetime) -> Iterator[tuple[Publication, str]]:
    """(publication, address) of what a publisher's records point to and nobody has fetched."""
    declared = {one.isbn: one for one in Publication.objects.filter(publisher=code, form="electronic").exclude(isbn="")}
    if not declared:
        return
    tried = set(
        Delivery.objects.filter(library=code, door=DOOR)
        .exclude(state=Delivery.State.DROPPED, changed_at__lt=now - AGAIN)
        .values_list("origin", flat=True)
    )
    rows = Bib.objects.filter(record__source__library=code, record__state="live").exclude(
        record__source__connector="deposit"
    )
    for text in rows.order_by("-record_id").values_list("description", flat=True)[:LOOKED_AT]:
        said = Description.load(text)
        publication = next((declared[isbn] for isbn in said.isbns if isbn in declared), None)
        if publication is None:
            continue
        for url in said.links:
            if urlsplit(url).path.lower().endswith(ENDINGS) and url[:500] not in tried:
                yield publication, url


def _bring(publication: Publication, url: str, now: datetime) -> int:
    """Fetch one file; what cannot be had is noted, and tried again later."""
    arriving.folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arriving.folder()) as folder:
        target = Path(folder) / "file"
        try:
            with Client(allow_private=private.allows_url(url), max_wait=timedelta(), tries=2, max_bytes=MOST) as client:
                if download(client, url, target, {}) is None:
                    return 0
            with target.open("rb") as stream:
                size = target.stat().st_size
                arriving.bring(publication.publisher, publication, _name(url), stream, size, DOOR, by=HUB, origin=url)
            return 1
        except Trouble as trouble:
            row = {"code": trouble.problem.code, "facts": trouble.problem.facts, "grave": True}
            known = {
                "library": publication.publisher,
                "door": DOOR,
                "origin": url[:500],
                "state": Delivery.State.DROPPED,
            }
            said = {"publication": publication, "name": _name(url), "report": {"problems": [row]}, "changed_at": now}
            new = {"token": secrets.token_hex(16), "size": 0, "at": now, "by": HUB}
            Delivery.objects.update_or_create(**known, defaults=said, create_defaults=said | new)
            return 0


def _name(url: str) -> str:
    """What the file is called at its address."""
    return unquote(urlsplit(url).path.rpartition("/")[2])[:255] or "—"
