"""What a source file says of a list of records behind a web API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from connectors.address import split_url
from connectors.duration import Duration
from connectors.secret import Variable
from connectors.server import ServerOptions
from schemas.problem import Trouble

SINCE = "{since}"  # what stands for the time in ``since`` and ``deleted_since``


def _web_address(url: str) -> str:
    try:
        split_url(url or "http://none")
    except Trouble as trouble:
        raise ValueError(str(trouble)) from None
    return url


def _with_since(parameters: dict[str, str]) -> dict[str, str]:
    if parameters and not any(SINCE in value for value in parameters.values()):
        raise ValueError(f"no value has {SINCE}, where the time is put")
    return parameters


WebAddress = Annotated[str, AfterValidator(_web_address)]
MediaType = Annotated[str, Field(pattern=r"^([\w.+-]+/[\w.+-]+)?$")]
Parameter = Annotated[str, Field(pattern=r"^[\w.\[\]-]{1,100}$")]
Parameters = dict[Parameter, str]
Changes = Annotated[Parameters, AfterValidator(_with_since)]


class Options(ServerOptions):
    """Where the list is, how it is paged, and who asks.

    Page ``first_page`` and those after it are asked for by number (``page_param``) and size (``size_param``), with
    ``params`` and, once there is a whole list, with ``since``, in which ``{since}`` is a time in RFC 3339, ``overlap``
    before the last list. ``whole_every`` is how often everything is listed all the same; a record that two whole lists
    lack, ``confirm_after`` apart, is gone. ``deleted_url`` lists what was deleted since. Without ``accept`` the format
    of the source decides. ``id_field`` ("001", "999$c") names records by a field of MARC 21 instead of by the format's
    own key. ``total_header`` gives the number of records; where pages do not bring it, it is asked for with
    ``count_accept``. Either ``username`` logs in (RFC 7617), or ``client_id`` at ``token_url`` (RFC 6749 section 4.4).
    """

    url: WebAddress = Field(min_length=1)
    accept: MediaType = ""
    page_param: Parameter = "_page"
    size_param: Parameter = "_per_page"
    first_page: int = Field(default=1, ge=0, le=1)
    page_size: int = Field(default=100, ge=1, le=1000)
    page_limit: int = Field(default=100_000, ge=1)
    params: Parameters = {}
    since: Changes = {}
    overlap: Duration = timedelta(days=1)
    whole_every: Duration = timedelta(days=7)
    confirm_after: Duration = timedelta(hours=24)
    deleted_url: WebAddress = ""
    deleted_since: Changes = {}
    id_field: str = Field(default="", pattern=r"^(00[1-9]|[0-9A-Za-z]{3}\$[a-z0-9])?$")
    total_header: str = Field(default="X-Total-Count", pattern=r"^[A-Za-z0-9-]{0,100}$")
    count_accept: MediaType = ""
    username: str = ""
    password_env: Variable = ""
    token_url: WebAddress = ""
    client_id: str = ""
    client_secret_env: Variable = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Options:
        if bool(self.deleted_url) != bool(self.deleted_since) or (self.deleted_url and not self.since):
            raise ValueError("deleted_url, deleted_since and since belong together")
        if bool(self.username) != bool(self.password_env):
            raise ValueError("username and password_env belong together")
        if not bool(self.token_url) == bool(self.client_id) == bool(self.client_secret_env):
            raise ValueError("token_url, client_id and client_secret_env belong together")
        if self.username and self.token_url:
            raise ValueError("it logs in by username or by token_url, not by both")
        return self

    @model_validator(mode="after")
    def _keeps_secrets(self) -> Options:
        """Passwords and tokens go out encrypted, or stay in the library's own network (OWASP ASVS 5.0, 12.2.1)."""
        addresses = (self.url, self.deleted_url, self.token_url) if self.username or self.token_url else ()
        if not self.allow_private and any(address.lower().startswith("http:") for address in addresses):
            raise ValueError("passwords need https; http only in a network of your own (allow_private: true)")
        return self
