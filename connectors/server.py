"""What every source behind a server can set: patience, politeness, limits."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field

from connectors.duration import Duration
from connectors.http import MAX_BYTES, Client


class PartnerOptions(BaseModel):
    """Options of connectors that ask a server question by question; durations are written ``15m``, ``24h``, ``7d``.

    ``max_wait`` is how long a busy server is waited for within a run, ``deadline`` bounds one request, ``interval`` is
    the least time between two requests, ``pause`` the first pause after a failure. After three failed runs the source
    rests for ``rest``, then twice as long each time, a day at most. ``per_host`` bounds how many sources of one
    server are harvested at once. ``run_limit`` is how long a run may last; the next one goes on from there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    allow_private: bool = False
    max_wait: Duration = timedelta(minutes=15)
    deadline: Duration = timedelta(minutes=5)
    interval: Duration = timedelta()
    pause: Duration = timedelta(seconds=1)
    tries: int = Field(default=5, ge=1, le=20)
    rest: Duration = timedelta(minutes=15)
    run_limit: Duration = Field(default=timedelta(hours=24), gt=timedelta())
    per_host: int = Field(default=2, ge=1, le=50)
    max_bytes: int = Field(default=MAX_BYTES, gt=0)


class ServerOptions(PartnerOptions):
    """Options of connectors that ask a web server.

    ``redirect_hosts`` names other hosts (``host`` or ``host:port``) a redirect may lead to. ``ca_file`` has the
    certificates of a partner's own authority. Up to and including the day ``tls_waiver_until`` a certificate of the
    source's own server that does not hold is put up with, and every run says so.
    """

    redirect_hosts: frozenset[str] = frozenset()
    ca_file: str = ""
    tls_waiver_until: date | None = None

    def client(self) -> Client:
        """The client these options ask for."""
        return Client(
            allow_private=self.allow_private,
            max_bytes=self.max_bytes,
            deadline_seconds=self.deadline.total_seconds(),
            max_wait=self.max_wait,
            tries=self.tries,
            pause=self.pause.total_seconds(),
            interval=self.interval.total_seconds(),
            ca_file=self.ca_file,
            redirect_hosts=self.redirect_hosts,
            tls_waiver_until=self.tls_waiver_until,
        )
