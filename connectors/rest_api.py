"""What a web API is asked and what it answers: pages of records, how many there are, a token where it wants one."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from io import BytesIO

from connectors.http import Answer, Client
from connectors.rest_options import Options
from connectors.secret import secret
from schemas.format import Format, Reading
from schemas.marc21 import BETWEEN, key_of
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord
from schemas.xml import parse_document

ACCEPTS = {
    "marc21": "application/marc",
    "marcjson": "application/marc-in-json",
    "marcxml": "application/marcxml+xml",
    "unimarc": "application/marcxml+xml",
}
REFUSALS = {401: "rest_unauthorized", 403: "rest_forbidden", 404: "rest_not_found"}
SHOWN = 200  # characters of what a server says of an error
_PAGE = re.compile(rb"\s*(<!doctype html|<html)", re.IGNORECASE)


class Broken(Exception):
    """A page that is cut or cannot be read: what is wrong with it, and its bytes."""

    def __init__(self, page: int, detail: object, body: bytes) -> None:
        self.problem = Problem("rest_page_broken", {"page": str(page), "detail": str(detail)[:SHOWN]})
        self.body = body
        super().__init__(self.problem.code)


@dataclass(frozen=True, slots=True)
class Given:
    """A page: its records, how many the server says there are in all, and the server's time (RFC 3339 or ``""``)."""

    records: list[RawRecord]
    total: int | None = None
    date: str = ""


class Api:
    """Asks the server of ``options`` for records of a format."""

    def __init__(self, options: Options, client: Client, form: Format, reading: Reading) -> None:
        self.options = options
        self.client = client
        self.form = form
        self.reading = reading
        self.accept = accept_of(options, form)
        self.token = ""

    def page(self, url: str, arguments: Mapping[str, str], number: int, size: int) -> Given:
        """Page ``number`` (from 1) of a list cut into pages of ``size``.

        :class:`Broken` when it is not whole, :class:`Trouble` when the server refuses it.
        """
        answer = self._get(url, arguments, number, size, self.accept)
        place = f"page {number}, record" if size > 1 else "record"
        found = self._split(answer, number)
        records = [self._named(raw, f"{place} {number if size == 1 else n}") for n, raw in enumerate(found, 1)]
        return Given(records, self._total(answer), _date_of(answer))

    def count(self, url: str, arguments: Mapping[str, str]) -> int | None:
        """How many records a list has, asked for with ``count_accept``; ``None`` when the server does not say."""
        accept = self.options.count_accept
        return self._total(self._get(url, arguments, 1, 1, accept)) if accept else None

    def _get(self, url: str, arguments: Mapping[str, str], number: int, size: int, accept: str) -> Answer:
        place = {
            self.options.page_param: str(self.options.first_page - 1 + number),
            self.options.size_param: str(size),
        }
        self.client.headers = {"Accept": accept, **self._authorization()}
        answer = self.client.get(url, {**arguments, **place})
        if answer.status == 401 and self.token:  # it has run out
            self.token = ""
            self.client.headers = {"Accept": accept, **self._authorization()}
            answer = self.client.get(url, {**arguments, **place})
        if answer.status != 200:
            raise _refusal(answer, url)
        return answer

    def _authorization(self) -> dict[str, str]:
        options = self.options
        if options.username:
            login = f"{options.username}:{secret(options.password_env)}".encode()
            return {"Authorization": f"Basic {base64.b64encode(login).decode()}"}
        if options.token_url:
            self.token = self.token or self._new_token()
            return {"Authorization": f"Bearer {self.token}"}
        return {}

    def _new_token(self) -> str:
        """A token by client credentials (RFC 6749 section 4.4), for as long as the server takes it."""
        options = self.options
        self.client.headers = {"Accept": "application/json"}
        form = {"grant_type": "client_credentials", "client_id": options.client_id}
        answer = self.client.submit(options.token_url, form | {"client_secret": secret(options.client_secret_env)})
        try:
            token = json.loads(answer.body)["access_token"]
        except (ValueError, TypeError, KeyError, RecursionError):
            token = ""
        if answer.status != 200 or not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]+", token):
            text = said(answer.body) if answer.status != 200 else "access_token?"
            raise Trouble("rest_token_refused", url=options.token_url, status=answer.status, text=text)
        return token

    def _split(self, answer: Answer, number: int) -> list[RawRecord]:
        body = answer.body
        if _PAGE.match(body):
            raise Trouble("rest_is_page", url=answer.url.partition("?")[0])
        if detail := what_is_cut(body, self.accept, self.client.max_bytes):
            raise Broken(number, detail, body)
        return list(self.form.split(BytesIO(body), self.reading))

    def _named(self, raw: RawRecord, place: str) -> RawRecord:
        """The record with its place, and under the name that ``id_field`` gives it."""
        tag, _, code = self.options.id_field.partition("$")
        if not tag:
            return replace(raw, place=place)
        unnamed = replace(raw, place=place, identifier=key_of(raw.body))
        if raw.problem:
            return unnamed
        try:
            record = self.form.parse(raw.body, self.reading)
        except Trouble as trouble:
            return replace(unnamed, problem=trouble.problem)
        name = (record.first(tag, code) if code else record.control(tag)).strip()[:200]
        if not name:
            return replace(unnamed, problem=Problem("rest_no_id", {"place": place, "field": self.options.id_field}))
        return replace(unnamed, identifier=name)

    def _total(self, answer: Answer) -> int | None:
        value = answer.headers.get(self.options.total_header, "") if self.options.total_header else ""
        return int(value) if value.strip().isdecimal() and len(value) < 20 else None


def accept_of(options: Options, form: Format) -> str:
    """The media type to ask for: of the options, or of the format; :class:`Trouble` when there is neither."""
    accept = options.accept or ACCEPTS.get(form.name, "")
    if not accept:
        raise Trouble("rest_accept_missing", format=form.name)
    return accept


def what_is_cut(body: bytes, accept: str, max_bytes: int) -> str:
    """Why a body cannot be a whole page, in a few words; ``""`` when it can."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not start:
        return "empty" if accept.endswith(("json", "xml")) else ""
    if start in b"[{":
        try:
            json.loads(body.decode("latin-1"), strict=False)  # its shape is ASCII whatever it says
        except (ValueError, RecursionError) as error:
            return str(error)
    elif start == b"<":
        try:
            parse_document(body, limit=max_bytes)
        except Trouble as trouble:
            return str(trouble)
    elif b"\x1e" in body and not body.rstrip(BETWEEN).endswith(b"\x1d"):
        return "no record terminator at the end"
    return ""


def said(body: bytes) -> str:
    """What a server says of an error, in its own words."""
    try:
        content = json.loads(body)
        text = content["error"] if isinstance(content, dict) and "error" in content else json.dumps(content)
    except (ValueError, RecursionError):
        text = body[: 4 * SHOWN].decode("utf-8", "replace")
    shown = "".join(letter if letter.isprintable() else " " for letter in str(text))
    return " ".join(shown.split())[:SHOWN].rstrip(".") or "–"


def _refusal(answer: Answer, url: str) -> Trouble:
    facts = {"url": url, "status": answer.status, "text": said(answer.body)}
    if answer.status in REFUSALS:
        return Trouble(REFUSALS[answer.status], **facts)
    refused = 400 <= answer.status < 500
    return Trouble("rest_refused", **facts) if refused else Trouble("http_status", url=url, status=answer.status)


def _date_of(answer: Answer) -> str:
    try:
        return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (KeyError, ValueError, TypeError):
        return ""
