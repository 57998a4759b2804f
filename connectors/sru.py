"""SRU 1.1, 1.2 and 2.0 (https://www.loc.gov/standards/sru/): everything a database holds, by searchRetrieve.

The protocol is made for searching: it knows neither changes nor deletions, so each harvest lists everything, and a
whole list that gave as many different records as the server announced shows what is gone. Where a server limits its
result sets the list is read in slices (:mod:`connectors.slices`). The checkpoint after a page holds the place within
the list, so that a harvest that was cut goes on there.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.connector import Connector, Job, Page
from connectors.http import Client
from connectors.slices import cut
from connectors.sru_harvest import Harvest
from connectors.sru_options import Options
from connectors.sru_page import Entry, Explain, SruPage
from connectors.sru_partner import Partner
from connectors.sru_records import raw_records
from schemas.problem import Problem, Trouble

WITHOUT_EXPLAIN = frozenset(
    {"sru_not_sru", "sru_no_answer", "sru_diagnostic", "xml_broken", "xml_doctype", "http_status"}
)
OTHER_SCHEMA = frozenset({"sru_schema_refused", "sru_other_schema", "sru_no_record"})


def _partner(job: Job, client: Client) -> Partner:
    options: Options = job.options
    return Partner(options.url, client, options.schema_of(job.format.name), options.versions())


def pages(job: Job) -> Iterator[Page]:
    """The pages of the database from the job's checkpoint on."""
    with job.options.client() as client:
        yield from Harvest(job, _partner(job, client)).pages()


def check(job: Job) -> list[Problem]:
    """Ask explain, count everything and each slice, and read one record; what is wrong."""
    try:
        with job.options.client() as client:
            partner = _partner(job, client)
            explain = _explain(partner)
            problems = _checked(job, partner)
            if any(problem.code in OTHER_SCHEMA for problem in problems) and not explain.knows(partner.schema):
                facts = {"schema": partner.schema, "known": ", ".join(explain.schemas)}
                problems.append(Problem("sru_schema_unknown", facts))
            return problems
    except Trouble as trouble:
        return [trouble.problem]


def _explain(partner: Partner) -> Explain:
    """What the server says of itself; nothing, where it has no explain, as many have not."""
    try:
        return partner.explain()
    except Trouble as trouble:
        if trouble.problem.code not in WITHOUT_EXPLAIN:
            raise
        return Explain({})


def _checked(job: Job, partner: Partner) -> list[Problem]:
    try:
        page = partner.search(job.options.query, 1, 1)
        problems = _counted(job.options, partner, page)
        for entry in page.entries[:1]:
            problems += _read(job, entry, partner.schema)
        return problems
    except Trouble as trouble:
        return [trouble.problem]


def _read(job: Job, entry: Entry, schema: str) -> list[Problem]:
    """What is wrong with the first record."""
    records = raw_records(job.format, job.reading, entry, schema, "record 1")
    problems = [record.problem for record in records if record.problem]
    for record in records:
        if not record.problem and not record.deleted:
            job.format.parse(record.body, job.reading)
    return problems


def _counted(options: Options, partner: Partner, page: SruPage) -> list[Problem]:
    """What is wrong with the number of records, and with the slices they are to be read in."""
    hits, limit = page.hits, options.max_records
    if hits is None:
        return [Problem("sru_uncounted")]
    if not hits:
        return [Problem("sru_empty")]
    if not page.entries:
        return [Problem("sru_gives_nothing", {"hits": str(hits), "message": "-"})]
    if options.slices is None:
        return [Problem("sru_too_many", {"hits": str(hits), "limit": str(limit)})] if 0 < limit <= hits else []
    counts = [partner.search(options.query_of(part), 1, 1).hits or 0 for part in cut(options.slices)]
    short = {"received": str(sum(counts)), "announced": str(hits)}
    return [Problem("sru_slices_short", short)] if sum(counts) < hits else []


CONNECTOR = Connector(
    name="sru",
    title={"vi": "SRU: lấy hết một cơ sở dữ liệu", "en": "SRU: everything a database holds"},
    options=Options,
    pages=pages,
    check=check,
)
