"""The schema that our answers of OAI-PMH must obey: the protocol's own, those of the metadata, and what stands beside.

The containers of the guidelines and qualified Dublin Core have no schema among the shared data; the few rules of them
that count are written down here. What is inside of a MODS record is the matter of the tests of that format.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

OAI = "http://www.openarchives.org/OAI/2.0/"
HEAD = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="{space}" targetNamespace="{space}"'
    ' elementFormDefault="qualified">'
)
TEXT = '<xs:element name="{}" type="xs:string"/>'


def _sequence(name: str, *children: str) -> str:
    inner = "".join(child if child.startswith("<") else TEXT.format(child) for child in children)
    return f'<xs:element name="{name}"><xs:complexType><xs:sequence>{inner}</xs:sequence></xs:complexType></xs:element>'


OWN = {
    f"{OAI}oai-identifier": _sequence(
        "oai-identifier",
        '<xs:element name="scheme" fixed="oai" type="xs:string"/>',
        '<xs:element name="repositoryIdentifier"><xs:simpleType><xs:restriction base="xs:string">'
        r'<xs:pattern value="[a-zA-Z][a-zA-Z0-9\-]*(\.[a-zA-Z][a-zA-Z0-9\-]*)+"/>'
        "</xs:restriction></xs:simpleType></xs:element>",
        '<xs:element name="delimiter" fixed=":" type="xs:string"/>',
        "sampleIdentifier",
    ),
    f"{OAI}friends/": _sequence("friends", '<xs:element name="baseURL" type="xs:anyURI" maxOccurs="unbounded"/>'),
    f"{OAI}branding/": _sequence(
        "branding",
        _sequence(
            "collectionIcon",
            '<xs:element name="url" type="xs:anyURI"/>',
            '<xs:element name="link" type="xs:anyURI"/>',
            "title",
            '<xs:element name="width" type="xs:integer"/>',
            '<xs:element name="height" type="xs:integer"/>',
        ),
    ),
    f"{OAI}provenance": '<xs:element name="provenance"><xs:complexType><xs:sequence>'
    '<xs:element name="originDescription" type="t:origin"/></xs:sequence></xs:complexType></xs:element>'
    '<xs:complexType name="origin"><xs:sequence><xs:element name="baseURL" type="xs:anyURI"/>'
    '<xs:element name="identifier" type="xs:anyURI"/><xs:element name="datestamp" type="t:moment"/>'
    '<xs:element name="metadataNamespace" type="xs:anyURI"/>'
    '<xs:element name="originDescription" type="t:origin" minOccurs="0"/></xs:sequence>'
    '<xs:attribute name="harvestDate" type="t:moment" use="required"/>'
    '<xs:attribute name="altered" type="xs:boolean" use="required"/></xs:complexType>'
    '<xs:simpleType name="moment"><xs:union memberTypes="xs:date xs:dateTime"/></xs:simpleType>',
    "http://www.loc.gov/mods/v3": '<xs:element name="mods"><xs:complexType><xs:sequence><xs:any namespace="##targetNamespace"'
    ' processContents="skip" maxOccurs="unbounded"/></xs:sequence><xs:attribute name="version"/></xs:complexType>'
    "</xs:element>",
    "http://dspace.org/qualifieddc/": '<xs:element name="qualifieddc"><xs:complexType><xs:sequence>'
    '<xs:any namespace="http://purl.org/dc/elements/1.1/ http://purl.org/dc/terms/" processContents="skip"'
    ' minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>',
}
SHARED = {
    OAI: "OAI-PMH.xsd",
    f"{OAI}oai_dc/": "oai_dc.local.xsd",
    "http://www.loc.gov/MARC21/slim": "MARC21slim.xsd",
}


def schema(schemas: Path, folder: Path) -> Any:
    """The schema of all of it; ``folder`` takes what is written down here."""
    imports = [(space, (schemas / name).as_uri()) for space, name in SHARED.items()]
    for number, (space, inner) in enumerate(OWN.items()):
        path = folder / f"beside-{number}.xsd"
        path.write_text(HEAD.format(space=space) + inner + "</xs:schema>", encoding="utf-8")
        imports.append((space, path.as_uri()))
    lines = "".join(f'<xs:import namespace="{space}" schemaLocation="{where}"/>' for space, where in imports)
    whole = HEAD.format(space="urn:lienthong:all") + lines + "</xs:schema>"
    return etree.XMLSchema(etree.fromstring(whole.encode()))
