"""The one XML parser of the project, and the cutting of a file into one document a record.

What arrives is not trusted: entities are not resolved, nothing is fetched, and a document type declaration is refused
(OWASP ASVS 1.5.1, XML 1.0 section 2.8). Files of ONIX 2.1 begin with one that only names a DTD: where it declares
nothing itself it is left out before anything is parsed, and what it names is never loaded. :func:`split_elements` never
builds the tree of the whole file. It looks for the elements by their tags, so one broken record costs that record and
not the file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from lxml import etree

from schemas.encodings import decode, encoding_of, spoken_for
from schemas.format import Reading
from schemas.problem import Problem, Trouble

MAX_BYTES = 16 * 2**20
CHUNK = 2**16

_ATTRIBUTES = rb"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+"""
_MARKUP = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|(?P<doctype><!DOCTYPE)"
    rb"""|<(?P<close>/?)(?P<name>[^\s<>/!?="']++)(?P<attributes>""" + _ATTRIBUTES + rb")>",
    re.DOTALL,
)
_LONG = (b"<!--", b"<![CDATA[", b"<?")
_NAMESPACE = re.compile(rb"""\sxmlns(?::([^\s=]+))?\s*=\s*("[^"<]*"|'[^'<]*')""")
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<!--.*?-->|<\?.*?\?>)*+<!DOCTYPE", re.DOTALL)
_HARMLESS = re.compile(  # it names a DTD, or nothing at all, and has no part of its own
    rb"""<!DOCTYPE\s+[^\s<>\[\]"']+(?:\s+(?:SYSTEM|PUBLIC)(?:\s+(?:"[^"<>]*+"|'[^'<>]*+'))++)?+\s*>"""
)
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\?>")
_DECLARED_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([\w.:-]+)["']""")
_POSITION = re.compile(r", line \d+, column \d+.*", re.DOTALL)
_PLAIN_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii", b"utf-16", b"utf-16le", b"utf-16be"})
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Piece:
    """One element cut out of a file: a document of its own, and the line it began at.

    With a ``problem`` the body is not well-formed; its bytes are kept as they came.
    """

    body: bytes
    line: int
    problem: Problem | None = None

    @property
    def place(self) -> str:
        """Where it stood, as :class:`schemas.record.RawRecord` says it."""
        return f"line {self.line}"


def parse_document(body: bytes, encoding: str = "auto", limit: int = MAX_BYTES) -> etree._Element:
    """The root element of ``body``, without comments and processing instructions.

    With an ``encoding`` of :mod:`schemas.encodings` the bytes are read by it, whatever they declare. Raises
    :class:`Trouble` ``xml_doctype``, ``xml_too_long`` or ``xml_broken`` (line, detail).
    """
    if len(body) > limit:
        raise Trouble("xml_too_long", limit=limit // 2**20)
    if encoding != "auto":
        body = _recode(body, encoding)
    if b"<!DOCTYPE" in body and _DOCTYPE.match(body):
        raise Trouble("xml_doctype")
    try:
        root = _root(body)
    except etree.XMLSyntaxError as error:
        raise Trouble("xml_broken", line=error.lineno or 1, detail=_POSITION.sub("", error.msg or "empty")) from None
    except (ValueError, LookupError, AssertionError) as error:
        raise Trouble("xml_broken", line=1, detail=str(error)) from None
    if root is None:
        raise Trouble("xml_broken", line=1, detail="empty")
    information: Any = root.getroottree().docinfo
    if information.doctype:
        raise Trouble("xml_doctype")
    return root


def recover(body: bytes) -> bytes | None:
    """The document with what was left open closed, as UTF-8; ``None`` where nothing can be made of it."""
    try:
        root: Any = etree.fromstring(body, _parser(recover=True))
        if root is None or root.getroottree().docinfo.doctype:
            return None
        return bytes(etree.tostring(root, encoding="utf-8"))
    except (etree.XMLSyntaxError, ValueError, LookupError, AssertionError):
        return None


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def split_elements(stream: BinaryIO, names: frozenset[str]) -> Iterator[Piece]:
    """Each outermost element with a local name of ``names``, as a document with its namespaces declared.

    An element of the same name inside one (the MARCXML ``record`` of an OAI-PMH ``record``) stays in it. Elements that
    are not well-formed come as pieces with a problem, and so does a file that ends before it is closed, that has a
    document type declaration, or that is no XML at all.
    """
    return _Cutter(stream, names).pieces()


def _root(body: bytes) -> etree._Element:
    """The root element; a namespace that is no sound URI does not spoil a document that is well-formed."""
    parser = _parser()
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError:  # its own error_log is that of the thread, not of this document
        log: Any = parser.error_log
        domains = {entry.domain for entry in log}
        if domains != {etree.ErrorDomains.NAMESPACE}:
            raise
        return etree.fromstring(body, _parser(recover=True))


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )


def readable(body: bytes, reading: Reading) -> bytes:
    """The document as the XML parser can read it: in UTF-8 where its own bytes are in something it does not declare.

    What the source's file says of the encoding counts for more than the declaration; without it, bytes that are not
    what they are declared to be are read as :func:`schemas.encodings.encoding_of` says. :class:`Trouble`
    ``encoding_undecided`` or ``encoding_broken`` where they cannot be. A document type declaration without declarations
    of its own is left out.
    """
    if b"<!DOCTYPE" in body:
        body = _without_doctype(body)
    if reading.encoding != "auto":
        return _recode(body, reading.encoding)
    if body.isascii() or body.startswith(_BOMS):
        return body
    declared = _declared(body)
    if not declared:
        return body if _is_utf8(body) and not reading.evidence else _recode(body, encoding_of(body, reading))
    spoken = spoken_for(body, reading)
    return _recode(body, spoken) if spoken else body


def _without_doctype(body: bytes) -> bytes:
    start = _PROLOG.match(body)
    found = _HARMLESS.match(body, start.end() if start else 0)
    return body[: found.start()] + body[found.end() :] if found else body


def _declared(body: bytes) -> bytes:
    """The single-byte encoding a document declares, or ``b""``."""
    head = _DECLARATION.match(body)
    found = _DECLARED_ENCODING.search(head[0]) if head else None
    return found[1] if found and found[1].lower() not in _PLAIN_ENCODINGS else b""


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _recode(body: bytes, encoding: str) -> bytes:
    if encoding == "utf-16" and b"\0" not in body:  # it was turned into UTF-8 when the file was cut
        encoding = "utf-8"
    return _DECLARATION.sub(b"", decode(body, encoding).encode())


@dataclass(slots=True)
class _Window:
    """A stream seen through a buffer that moves forward; UTF-16 is turned into UTF-8 on the way."""

    stream: BinaryIO
    buffer: bytes = b""
    line: int = 1
    ended: bool = False
    decoder: codecs.IncrementalDecoder | None = None

    def __post_init__(self) -> None:
        head = self.stream.read(CHUNK)
        for mark, encoding in _WIDE:
            if head.startswith(mark):
                self.decoder = codecs.getincrementaldecoder(encoding)("replace")
                break
        self._add(head)

    def fill(self) -> bool:
        """Read as much again as there is; False at the end of the stream."""
        if self.ended:
            return False
        self._add(self.stream.read(max(CHUNK, len(self.buffer))))
        return True

    def drop(self, count: int) -> bytes:
        """Move ``count`` bytes forward and return them."""
        gone, self.buffer = self.buffer[:count], self.buffer[count:]
        self.line += gone.count(b"\n")
        return gone

    def _add(self, chunk: bytes) -> None:
        self.ended = not chunk
        if self.decoder is not None:
            chunk = self.decoder.decode(chunk, final=self.ended).encode()
        self.buffer += chunk


@dataclass(slots=True)
class _Cutter:
    """Walks the tags outside the wanted elements with the namespaces in scope, and cuts the wanted ones out."""

    stream: BinaryIO
    names: frozenset[str]
    window: _Window = field(init=False)
    open: list[tuple[bytes, dict[bytes, bytes]]] = field(default_factory=list)
    declaration: bytes = b""
    found: int = 0
    seen: bytes = b""

    def __post_init__(self) -> None:
        self.window = _Window(self.stream)
        if self.window.decoder is None and (declared := _declared(self.window.buffer)):
            self.declaration = b'<?xml version="1.0" encoding="' + declared + b'"?>'

    def pieces(self) -> Iterator[Piece]:
        at = 0
        while (tag := self._next_markup(at)) is not None:
            if tag["doctype"]:
                at = self._past_doctype(tag)
                if not at:
                    yield self._refused()
                    return
                continue
            if tag["name"] and not tag["close"] and _local(tag["name"]) in self.names:
                self._pass(tag.start())
                yield self._cut(tag)
                at = 0
            else:
                self._walk(tag)
                at = tag.end()
                if at > CHUNK:
                    self._pass(at)
                    at = 0
        yield from self._end()

    def _past_doctype(self, tag: re.Match[bytes]) -> int:
        """Where a harmless document type declaration before the first element ends; 0 where it is to be refused."""
        window, start = self.window, tag.start()
        while window.buffer.find(b">", start) < 0 and len(window.buffer) < 2 * CHUNK and window.fill():
            pass
        found = _HARMLESS.match(window.buffer, start)
        return found.end() if found and not self.found and not self.open else 0

    def _pass(self, count: int) -> None:
        passed = self.window.drop(count)
        if not self.found and len(self.seen) < MAX_BYTES:
            self.seen += passed

    def _next_markup(self, at: int) -> re.Match[bytes] | None:
        """The next tag, comment or declaration from ``at``; ``None`` at the end. A stray ``<`` is stepped over."""
        window = self.window
        while True:
            start = window.buffer.find(b"<", at)
            match = _MARKUP.match(window.buffer, start) if start >= 0 else None
            if match:
                return match
            stray = (
                start >= 0 and not window.buffer.startswith(_LONG, start) and window.buffer.find(b"<", start + 1) > 0
            )
            if stray or (start >= 0 and len(window.buffer) - start > MAX_BYTES):
                at = start + 1
            elif not window.fill():
                return None
            elif start < 0 and len(window.buffer) > MAX_BYTES:
                self._pass(at)
                at = 0

    def _walk(self, tag: re.Match[bytes]) -> None:
        name = tag["name"]
        if not name or tag["attributes"].endswith(b"/"):
            return
        if not tag["close"]:
            self.open.append((name, _namespaces(b" " + tag["attributes"])))
        elif any(name == opened for opened, _ in self.open):
            while self.open.pop()[0] != name:
                pass

    def _cut(self, tag: re.Match[bytes]) -> Piece:
        line = self.window.line
        start_tag = tag[0]
        scope: dict[bytes, bytes] = {}
        for _, declared in self.open:
            scope |= declared
        body = self.window.drop(self._length(len(start_tag), tag["name"]))
        self.found += 1
        missing = {prefix: uri for prefix, uri in scope.items() if prefix not in _namespaces(start_tag)}
        head = b"<" + tag["name"] + b"".join(_declare(*pair) for pair in missing.items())
        body = self.declaration + head + body[1 + len(tag["name"]) :]
        return Piece(body, line, _problem(body, line))

    def _length(self, start: int, name: bytes) -> int:
        """How long the element at the start of the buffer is; an unclosed one ends where the next one begins."""
        window = self.window
        if window.buffer[start - 2 : start] == b"/>":
            return start
        pattern = _inside(_local(name))
        at, depth, nested = start, 1, 0
        while True:
            tag = pattern.search(window.buffer, at)
            if tag is None or tag["open"]:
                at = tag.start() if tag else at
                if len(window.buffer) > MAX_BYTES or not window.fill():
                    return nested or self._next_start(start)
                continue
            at = tag.end()
            if tag["close"] is None or (not tag["close"] and tag[0].endswith(b"/>")):
                continue
            depth += -1 if tag["close"] else 1
            if depth == 0:
                return at
            if not tag["close"]:
                if nested:
                    return nested
                nested = tag.start()

    def _next_start(self, start: int) -> int:
        found = [m.start() for name in self.names if (m := _start(name).search(self.window.buffer, start))]
        return min(found, default=len(self.window.buffer))

    def _refused(self) -> Piece:
        while len(self.window.buffer) <= MAX_BYTES and self.window.fill():
            pass
        return Piece(self.seen + self.window.buffer, 1, Problem("xml_doctype"))

    def _end(self) -> Iterator[Piece]:
        """What is left after the last element: a cut-off end, or a file that is no XML."""
        line, rest = self.window.line, self.window.buffer
        if not self.found:
            body = self.seen + rest
            if body.strip() and (problem := _problem(body)):
                yield Piece(body, 1, problem)
        elif self.open:
            facts = {"element": self.open[-1][0].decode("utf-8", "replace"), "line": str(line)}
            yield Piece(rest, line, Problem("xml_cut_short", facts))


def _local(name: bytes) -> str:
    return name.rpartition(b":")[2].decode("utf-8", "replace")


def _inside(name: str) -> re.Pattern[bytes]:
    tag = rb"<(?P<close>/?)(?:[^\s<>/:]++:)?" + re.escape(name.encode()) + rb"(?=[\s/>])" + _ATTRIBUTES + b">"
    return re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|(?P<open><!--|<!\[CDATA\[)|" + tag, re.DOTALL)


def _start(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"<(?:[^\s<>/:]++:)?" + re.escape(name.encode()) + rb"(?=[\s/>])")


def _namespaces(tag: bytes) -> dict[bytes, bytes]:
    return dict(_NAMESPACE.findall(tag))


def _declare(prefix: bytes, value: bytes) -> bytes:
    return b" xmlns" + (b":" + prefix if prefix else b"") + b"=" + value


def _problem(body: bytes, line: int = 1) -> Problem | None:
    """Why ``body``, which began at ``line`` of its file, is no document."""
    try:
        parse_document(_structure(body))
    except Trouble as trouble:
        facts = dict(trouble.problem.facts)
        if "line" in facts:
            facts["line"] = str(int(facts["line"]) + line - 1)
        return Problem(trouble.problem.code, facts)
    return None


def _structure(body: bytes) -> bytes:
    """The document to see whether its tags are sound; which letters its bytes are is decided when it is read."""
    if body.isascii() or body.startswith(_BOMS):
        return body
    text = _DECLARATION.sub(b"", body)
    return text if _is_utf8(text) else _CONTROLS.sub("?", text.decode("latin-1")).encode()
