"""The six verbs of OAI-PMH 2.0 over a repository, with its manners and with the faults that strike a request
(https://www.openarchives.org/OAI/openarchivesprotocol.html)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape, quoteattr

from tests.faulty.exchange import Asked, Fault, Leaf, Occurrence, Place, Reply, Version
from tests.faulty.repository import SETS, Repository

MARCXML = "http://www.loc.gov/MARC21/slim"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
SECOND, DAY = "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"
ALLOWED = {
    "Identify": frozenset[str](),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
    "ListIdentifiers": frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"}),
    "ListRecords": frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"}),
}


class Refused(Exception):
    """An error of the protocol: its code."""


class Responder:
    """Answers requests to one repository; ``occurrences`` are the faults at work.

    ``during`` are changes made while a list is read: one after each page that continues a list.
    """

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.occurrences: list[Occurrence] = []
        self.during: list[Callable[[], object]] = []
        self.spoiled: set[str] = set()  # records that faults broke
        self.deepest = 0  # pages of one list that were given after its end

    def answer(self, query: str, *, packed: bool) -> Reply:
        """The reply to a request."""
        self.repository.pass_time(timedelta(seconds=1))
        arguments = dict(parse_qsl(query, keep_blank_values=True))
        asked = Asked(arguments, self.repository.now, packed, self._resumed(arguments.get("resumptionToken", "")))
        faults = [occurrence.fault for occurrence in self.occurrences if occurrence.strikes(asked)]
        try:
            inner = self._inner(asked, faults)
        except Refused as refused:
            inner = f"<error code={quoteattr(str(refused))}>refused</error>".encode()
        reply = Reply(self._document(inner))
        return reduce(lambda made, fault: fault.reply(asked, made) if fault.reply else made, faults, reply)

    def _inner(self, asked: Asked, faults: Sequence[Fault]) -> bytes:
        if asked.verb not in ALLOWED:
            raise Refused("badVerb")
        if asked.arguments.keys() - {"verb"} - ALLOWED[asked.verb]:
            raise Refused("badArgument")
        if asked.is_list:
            return self._list(asked, faults)
        if asked.verb == "GetRecord":
            return self._record_alone(asked, faults)
        return {"Identify": self._identify, "ListSets": self._sets, "ListMetadataFormats": self._formats}[asked.verb]()

    def _identify(self) -> bytes:
        manners = self.repository.manners
        earliest = min(version.datestamp for version in self.repository.visible().values())
        said = {
            "repositoryName": self.repository.name,
            "baseURL": "http://127.0.0.1/oai",
            "protocolVersion": "2.0",
            "adminEmail": "thu-vien@lienthong.example",
            "earliestDatestamp": manners.earliest or self._written(earliest),
            "deletedRecord": manners.deletions,
            "granularity": manners.granularity,
        }
        return self._tag("Identify", *(self._tag(name, escape(value).encode()) for name, value in said.items()))

    def _sets(self) -> bytes:
        named = [self._tag("setSpec", s.encode()) + self._tag("setName", s.encode()) for s in SETS]
        return self._tag("ListSets", *(self._tag("set", name) for name in named))

    def _formats(self) -> bytes:
        entries = []
        for prefix, namespace in (("marcxml", MARCXML), ("oai_dc", OAI_DC)):
            said = (("metadataPrefix", prefix), ("schema", namespace), ("metadataNamespace", namespace))
            entries.append(self._tag("metadataFormat", *(self._tag(n, value.encode()) for n, value in said)))
        return self._tag("ListMetadataFormats", *entries)

    def _record_alone(self, asked: Asked, faults: Sequence[Fault]) -> bytes:
        identifier, prefix = asked.arguments.get("identifier", ""), asked.arguments.get("metadataPrefix", "")
        version = self._items(asked, faults).get(identifier)
        if version is None:
            raise Refused("idDoesNotExist")
        return self._tag("GetRecord", self._record(identifier, version, prefix, faults))

    # Lists

    def _list(self, asked: Asked, faults: Sequence[Fault]) -> bytes:
        place = asked.place
        if "resumptionToken" in asked.arguments:
            if not place:
                raise Refused("badResumptionToken")
            if self.during:
                self.during.pop(0)()
        else:
            listed = {name: value for name, value in asked.arguments.items() if name != "verb"}
            place = {"listed": listed, "page": 1, "after": ["", ""], "before": ["", ""]}
        leaf = self._leaf(asked, place, faults)
        leaf = reduce(lambda made, fault: fault.leaf(asked, made) if fault.leaf else made, faults, leaf)
        self.deepest = max(self.deepest, place.get("turn", 0))
        if leaf.refused or not (leaf.items or leaf.onward):
            raise Refused(leaf.refused or "noRecordsMatch")
        items = self._with_older(leaf)
        if asked.verb == "ListIdentifiers":
            parts = [self._header(*item) for item in items if not self._hidden(item[0])]
        else:
            prefix = str(place["listed"].get("metadataPrefix", ""))
            parts = [self._record(*item, prefix, faults, in_list=True) for item in items]
        return self._tag(asked.verb, *parts, self._mark(leaf))

    def _leaf(self, asked: Asked, place: Place, faults: Sequence[Fault]) -> Leaf:
        """The page of a list at ``place``, by the last key given or, in some repositories, by its number."""
        listed, manners, page = place["listed"], self.repository.manners, self.repository.page
        if "metadataPrefix" not in listed or not self._granularity_fits(listed):
            raise Refused("badArgument")
        items = self._items(asked, faults).items()
        chosen = sorted((item for item in items if self._selected(item[1], listed)), key=_key)
        if manners.offset:
            rest = chosen[(place["page"] - 1) * page :]
        else:
            rest = [item for item in chosen if _key(item) > place["after"]]
        onward = None
        if len(rest) > page:
            last = _key(rest[page - 1])
            onward = {"listed": listed, "page": place["page"] + 1, "after": last, "before": place["after"]}
        size = None if manners.size is None else int(len(chosen) * manners.size)
        return Leaf(rest[:page], place, onward, size)

    def _items(self, asked: Asked, faults: Sequence[Fault]) -> dict[str, Version]:
        seen = self.repository.visible()
        return reduce(lambda made, fault: fault.items(asked, made) if fault.items else made, faults, seen)

    def _selected(self, version: Version, listed: Mapping[str, str]) -> bool:
        manners = self.repository.manners
        stamp, start, end = self._written(version.datestamp), listed.get("from", ""), listed.get("until", "")
        after = stamp[: len(start)] > start if manners.from_exclusive else stamp[: len(start)] >= start
        before = stamp[: len(end)] < end if manners.until_exclusive else stamp[: len(end)] <= end
        inside = not listed.get("set") or listed["set"] in version.sets
        return (not start or after) and (not end or before) and inside

    def _granularity_fits(self, listed: Mapping[str, str]) -> bool:
        return self.repository.manners.takes_seconds or all(len(listed.get(n, "")) <= 10 for n in ("from", "until"))

    def _resumed(self, token: str) -> Place:
        """The place a token stands for; nothing when it is none of ours."""
        head, _, tail = self.repository.manners.token.partition("{}")
        if not token.startswith(head):
            return {}
        try:
            place = json.loads(base64.urlsafe_b64decode(token.removeprefix(head).removesuffix(tail)))
        except ValueError:
            return {}
        return place if isinstance(place, dict) else {}

    def _token(self, place: Place) -> str:
        written = base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
        return self.repository.manners.token.format(written)

    def _with_older(self, leaf: Leaf) -> list[tuple[str, Version]]:
        """With manners of that kind, the older versions of the records once more, after the newer ones."""
        if not self.repository.manners.older_last:
            return leaf.items
        older = [(identifier, self.repository.older(identifier)) for identifier, _ in leaf.items]
        return leaf.items + [(identifier, version) for identifier, version in older if version is not None]

    def _hidden(self, identifier: str) -> bool:
        hidden = self.repository.manners.hidden
        return bool(hidden) and self.repository.numbers[identifier] % hidden == hidden - 1

    def _mark(self, leaf: Leaf) -> bytes:
        if leaf.onward is None and leaf.place["page"] == 1:
            return b""
        size = "" if leaf.size is None else f' completeListSize="{leaf.size}"'
        token = leaf.token or (self._token(leaf.onward) if leaf.onward is not None else "")
        p = self.repository.manners.prefix
        return f"<{p}resumptionToken{size}>{escape(token)}</{p}resumptionToken>".encode()

    # What is written

    def _document(self, inner: bytes) -> bytes:
        manners = self.repository.manners
        p, date = manners.prefix, (self.repository.now + manners.zone).strftime(manners.dates)
        name = f"xmlns:{p[:-1]}" if p else "xmlns"
        namespace = f' {name}="http://www.openarchives.org/OAI/2.0/"' if manners.namespace else ""
        head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}OAI-PMH{namespace}>'
        date = f"<{p}responseDate>{date}</{p}responseDate><{p}request>http://127.0.0.1/oai</{p}request>"
        inner = inner.replace(b"<error ", f"<{p}error ".encode()).replace(b"</error>", f"</{p}error>".encode())
        document = head.encode() + date.encode() + inner + f"</{p}OAI-PMH>\n".encode()
        return b"\xef\xbb\xbf" + document if manners.bom else document

    def _tag(self, name: str, *inner: bytes) -> bytes:
        name = self.repository.manners.prefix + name
        return b"".join((f"<{name}>".encode(), *inner, f"</{name}>".encode()))

    def _header(self, identifier: str, version: Version) -> bytes:
        p = self.repository.manners.prefix
        status = ' status="deleted"' if version.deleted else ""
        sets = "".join(f"<{p}setSpec>{name}</{p}setSpec>" for name in version.sets)
        return (
            f"<{p}header{status}><{p}identifier>{escape(identifier)}</{p}identifier>"
            f"<{p}datestamp>{self._written(version.datestamp)}</{p}datestamp>{sets}</{p}header>"
        ).encode()

    def _record(
        self, identifier: str, version: Version, prefix: str, faults: Sequence[Fault], *, in_list: bool = False
    ) -> bytes:
        manners, number = self.repository.manners, self.repository.numbers[identifier]
        bare = in_list and manners.bare and number % manners.bare == manners.bare - 1
        told = manners.tombstone_metadata if version.deleted else not bare
        metadata = self._tag("metadata", METADATA[prefix](identifier, number, version)) if told else b""
        written = self._tag("record", self._header(identifier, version), metadata)
        for fault in faults:
            if fault.record and not version.deleted:
                broken = fault.record(number, written)
                self.spoiled |= {identifier} if broken != written else set()
                written = broken
        return written

    def _written(self, moment: datetime) -> str:
        return moment.astimezone(UTC).strftime(SECOND if self.repository.manners.seconds else DAY)


def _key(item: tuple[str, Version]) -> list[str]:
    return [item[1].datestamp.strftime(SECOND), item[0]]


def _marcxml(identifier: str, number: int, version: Version) -> bytes:
    return (
        f'<record xmlns="{MARCXML}"><leader>00000nam a2200000   4500</leader>'
        f'<controlfield tag="001">{number}</controlfield><datafield tag="245" ind1="1" ind2="0">'
        f'<subfield code="a">{escape(version.title)}</subfield></datafield>'
        '<datafield tag="260" ind1=" " ind2=" "><subfield code="b">Nxb Hải Phòng</subfield>'
        f'<subfield code="c">{1980 + number % 40}</subfield></datafield></record>'
    ).encode()


def _oai_dc(identifier: str, number: int, version: Version) -> bytes:
    return (
        f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}"><dc:title>{escape(version.title)}</dc:title>'
        f"<dc:publisher>Nxb Hải Phòng</dc:publisher><dc:date>{1980 + number % 40}</dc:date></oai_dc:dc>"
    ).encode()


METADATA = {"marcxml": _marcxml, "oai_dc": _oai_dc}
