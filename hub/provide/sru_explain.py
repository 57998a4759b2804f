"""What our SRU server says of itself: ZeeRex 2.0 (http://explain.z3950.org/dtd/)."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from django.conf import settings

from hub.provide.cql_indexes import INDEXES, OURS, SETS
from hub.provide.cql_manner import MODIFIERS, RELATIONS
from hub.provide.cql_scan import SCANNED
from hub.provide.cql_sort import FIELDS
from hub.provide.oai_text import element
from hub.provide.sru_answers import ZEEREX
from hub.provide.sru_records import SCHEMAS
from hub.provide.sru_request import MOST_RECORDS

PATH = "sru"
TITLE = "Liên thông · Mục lục liên hợp thành phố Hải Phòng"
RELATION_MODIFIERS = tuple(name for name in MODIFIERS if name not in ("isodate", "number"))
WRITTEN = {  # as the context set cql writes them
    "respectaccents": "respectAccents", "ignoreaccents": "ignoreAccents", "ignorecase": "ignoreCase",
}  # fmt: skip


def explain(version: str) -> str:
    """The ``explain`` element; the address is the configured one, whatever a request calls this host."""
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    database = f"{address.path.strip('/')}/{PATH}".lstrip("/")
    server = (
        f'<serverInfo protocol="SRU" version="{version}" transport="{address.scheme or "http"}" method="GET POST">'
        + element("host", address.hostname or "localhost")
        + element("port", str(port))
        + element("database", database)
        + "</serverInfo>"
    )
    about = f'<databaseInfo><title lang="vi" primary="true">{TITLE}</title></databaseInfo>'
    return f'<explain xmlns="{ZEEREX}">{server}{about}{_indexes()}{_schemas()}{_configuration()}</explain>'


def _indexes() -> str:
    sets = "".join(f'<set name="{name}" identifier="{identifier}"/>' for name, identifier in SETS.items())
    listed = []
    for key, index in INDEXES.items():
        maps = "".join(f"<map><name{_set(prefix)}>{name}</name></map>" for prefix, name in index.names)
        can = f'search="true" scan="{_yes(key in SCANNED)}" sort="{_yes(key in FIELDS)}"'
        listed.append(f'<index {can}><title lang="en">{index.title}</title>{maps}</index>')
    return f"<indexInfo>{sets}{''.join(listed)}</indexInfo>"


def _set(prefix: str) -> str:
    return "" if prefix == OURS else f" set={quoteattr(prefix)}"


def _yes(is_so: bool) -> str:
    return "true" if is_so else "false"


def _schemas() -> str:
    rows = (
        f'<schema identifier="{schema.identifier}" name="{name}" sort="false"><title>{schema.title}</title></schema>'
        for name, schema in SCHEMAS.items()
    )
    return f"<schemaInfo>{''.join(rows)}</schemaInfo>"


def _configuration() -> str:
    kept = [("relation", name) for name in sorted(RELATIONS - {"encloses", "scr", "exact"})]
    kept += [("relationModifier", WRITTEN.get(name, name)) for name in RELATION_MODIFIERS]
    kept += [("booleanModifier", name) for name in ("unit", "distance", "ordered", "unordered")]
    kept += [("maskingCharacter", "*"), ("maskingCharacter", "?"), ("anchoring", "^"), ("proximity", "word")]
    supports = "".join(f'<supports type="{kind}">{_text(name)}</supports>' for kind, name in kept)
    return (
        '<configInfo><default type="numberOfRecords">10</default>'
        '<default type="contextSet">cql</default><default type="index">cql.serverChoice</default>'
        '<default type="relation">=</default><default type="retrieveSchema">marcxml</default>'
        f'<setting type="maximumRecords">{MOST_RECORDS}</setting>{supports}</configInfo>'
    )


def _text(name: str) -> str:
    return name.replace("<", "&lt;").replace(">", "&gt;")
