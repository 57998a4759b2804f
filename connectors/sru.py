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
from connectors.sru_diagnostics import trouble_of
from connectors.sru_harvest import Harvest
from connectors.sru_options import Options
from connectors.sru_page import Explain, SruPage
from connectors.sru_partner import Partner
from connectors.sru_records import raw_records
from schemas.problem import Problem, Trouble

UNREACHED = frozenset({"sru_not_sru", "sru_no_answer", "http_status"})  # servers without explain
OTHER_SCHEMA = frozenset({"sru_schema_refused", "sru_other_schema", "sru_no_record"})


def _partner(job: Job, client: Client) -> Partner:
    options: Options = job.options
    return Partner(options.url, client, options.schema_of(job.format.name), options.versions())


def pages(job: Job) -> Iterator[Page]:
    """The pages of the database from the job's checkpoint on."""
    with job.options.client() as client:
        yield from Harvest(job, _partner(job, client)).pages()


def check(job: Job) -> list[Problem]:
    """Ask for one record, explain and, with slices, for their counts, and read the record; what is wrong."""
    try:
        with job.options.client() as client:
            partner = _partner(job, client)
            try:
                problems = _checked(job, partner)
            except Trouble as trouble:
                problems = [trouble.problem]
            if any(problem.code in OTHER_SCHEMA for problem in problems):
                problems += _unknown_schema(partner)
            return problems
    except Trouble as trouble:
        return [trouble.problem]


def _checked(job: Job, partner: Partner) -> list[Problem]:
    options: Options = job.options
    page = partner.search(options.query, 1, 1)
    if not page.entries:
        return [Problem("sru_gives_nothing", {"hits": str(page.hits), "message": "-"}) if page.hits else Problem("sru_empty")]
    problems = _counted(options, partner, page)
    for record in raw_records(job.format, job.reading, page.entries[0], partner.schema, "record 1"):
        if record.problem:
            problems.append(record.problem)
        elif not record.deleted:
            job.format.parse(record.body, job.reading)
    return problems


def _counted(options: Options, partner: Partner, page: SruPage) -> list[Problem]:
    """What is wrong with the number of records, and with the slices they are to be read in."""
