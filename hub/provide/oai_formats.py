"""The metadata formats of our repositories: every record can be had in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from schemas.marcxml import to_marcxml
from schemas.mods_write import to_mods
from schemas.oai_dc import to_oai_dc
from schemas.qdc import to_qdc
from schemas.record import Record


class MetadataFormat(NamedTuple):
    """How a record is written, with the schema and the namespace of what is written."""

    write: Callable[[Record], str]
    schema: str
    namespace: str


FORMATS = {
    "oai_dc": MetadataFormat(
        to_oai_dc, "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/"
    ),
    "marcxml": MetadataFormat(
        to_marcxml, "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", "http://www.loc.gov/MARC21/slim"
    ),
    "mods": MetadataFormat(to_mods, "http://www.loc.gov/standards/mods/v3/mods-3-7.xsd", "http://www.loc.gov/mods/v3"),
    "qdc": MetadataFormat(
        to_qdc,
        "http://dublincore.org/schemas/xmls/qdc/2006/01/06/dcterms.xsd",
        "http://dspace.org/qualifieddc/",
    ),
}
