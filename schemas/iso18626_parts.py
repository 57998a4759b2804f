"""What ISO 18626 messages are made of (schema 1.2), each structure with its elements in the schema's order.

``due_date`` is the element dueDate. A field without a default is mandatory; ``None`` is an element that is not there.
Where fields without a default do not come first, ``ORDER`` is the schema's order. Codes of open lists are a
:class:`Pair` with their scheme.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar

from schemas.iso18626_codes import (
    ErrorType,
    MessageStatus,
    Reason,
    RequestSubType,
    RequestType,
    ServiceType,
    Status,
    YesNo,
)

_DATE_TIME = re.compile(r"(-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as the message writes it (xs:dateTime), to the last figure."""

    text: str

    @classmethod
    def of(cls, at: datetime) -> Moment:
        """A moment in UTC, to the microsecond."""
        return cls(at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"))

    @property
    def at(self) -> datetime:
        """The moment in UTC, to the microsecond; one without a time zone is taken as UTC."""
        found = _DATE_TIME.fullmatch(self.text)
        if found is None:
            raise ValueError(self.text)
        whole, part, zone = found.groups()
        zone = "+00:00" if zone in (None, "Z") else zone
        try:
            return datetime.fromisoformat(f"{whole}{(part or '.0')[:7]:0<7}{zone}").astimezone(UTC)
        except OverflowError:  # the first or the last day there is, elsewhere
            raise ValueError(self.text) from None


@dataclass(frozen=True, slots=True)
class Pair:
    """A code of an open list, and the list it is from, if it says so."""

    value: str
    scheme: str | None = None


@dataclass(frozen=True, slots=True)
class AgencyId:
    """A library as its partners know it: ``Pair("ISIL")`` and the code; ours are local codes and no ISILs."""

    agency_id_type: Pair
    agency_id_value: str


@dataclass(frozen=True, slots=True)
class Costs:
    """An amount of money (ISO 4217)."""

    currency_code: Pair
    monetary_value: Decimal


@dataclass(frozen=True, slots=True)
class ElectronicAddress:
    """Where something can be sent over a network."""

    electronic_address_type: Pair
    electronic_address_data: str


@dataclass(frozen=True, slots=True)
class PhysicalAddress:
    """Where a parcel can be sent (ISO 3166 for region and country)."""

    line1: str | None = None
    line2: str | None = None
    locality: str | None = None
    postal_code: str | None = None
    region: Pair | None = None
    country: Pair | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """One of the two."""

    electronic_address: ElectronicAddress | None = None
    physical_address: PhysicalAddress | None = None


@dataclass(frozen=True, slots=True)
class Authentication:
    """An account at the supplier."""

    account_id: str | None = None
    security_code: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """Between whom, when, about which request."""

    supplying_agency_id: AgencyId
    requesting_agency_id: AgencyId
    multiple_item_request_id: str
    timestamp: Moment
    requesting_agency_request_id: str
    supplying_agency_request_id: str | None = None
    requesting_agency_authentication: Authentication | None = None


@dataclass(frozen=True, slots=True)
class ConfirmationHeader:
    """Which message is confirmed: its own timestamp, and when it was received."""

    timestamp: Moment
    timestamp_received: Moment
    message_status: MessageStatus
    supplying_agency_id: AgencyId | None = None
    requesting_agency_id: AgencyId | None = None
    requesting_agency_request_id: str | None = None
    multiple_item_request_id: str | None = None
    ORDER: ClassVar[tuple[str, ...]] = (
        "supplying_agency_id", "requesting_agency_id", "timestamp", "requesting_agency_request_id",
        "multiple_item_request_id", "timestamp_received", "message_status",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ErrorData:
    """What is wrong with the message that is confirmed."""

    error_type: ErrorType
    error_value: str | None = None


@dataclass(frozen=True, slots=True)
class ItemId:
    """An ISBN or ISSN."""

    bibliographic_item_identifier: str
    bibliographic_item_identifier_code: Pair


@dataclass(frozen=True, slots=True)
class RecordId:
    """The number of a record in some catalog."""

    bibliographic_record_identifier_code: Pair
    bibliographic_record_identifier: str


@dataclass(frozen=True, slots=True)
class BibliographicInfo:
    """What is asked for."""

    supplier_unique_record_id: str | None = None
    title: str | None = None
    author: str | None = None
    subtitle: str | None = None
    series_title: str | None = None
    edition: str | None = None
    title_of_component: str | None = None
    author_of_component: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages_requested: str | None = None
    estimated_no_pages: str | None = None
    bibliographic_item_id: tuple[ItemId, ...] = ()
    sponsor: str | None = None
    information_source: str | None = None
    bibliographic_record_id: tuple[RecordId, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicationInfo:
    """Where and when it was published."""

    publisher: str | None = None
    publication_type: Pair | None = None
    publication_date: str | None = None
    place_of_publication: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    """How it is wanted: as a loan or a copy, until when."""

    service_type: ServiceType
    request_type: RequestType | None = None
    request_sub_type: tuple[RequestSubType, ...] = ()
    requesting_agency_previous_request_id: str | None = None
    service_level: Pair | None = None
    preferred_format: Pair | None = None
    need_before_date: Moment | None = None
    copyright_compliance: Pair | None = None
    any_edition: YesNo | None = None
    start_date: Moment | None = None
    end_date: Moment | None = None
    note: str | None = None
    ORDER: ClassVar[tuple[str, ...]] = (
        "request_type", "request_sub_type", "requesting_agency_previous_request_id", "service_type", "service_level",
        "preferred_format", "need_before_date", "copyright_compliance", "any_edition", "start_date", "end_date", "note",
    )  # fmt: skip
    MOST: ClassVar[dict[str, int]] = {"request_sub_type": 3}


@dataclass(frozen=True, slots=True)
class SupplierInfo:
    """Who may have it, in the order in which they are to be asked."""

    sort_order: int | None = None
    supplier_code: AgencyId | None = None
    supplier_description: str | None = None
    bibliographic_record_id: RecordId | None = None
    call_number: str | None = None
    summary_holdings: str | None = None
    availability_note: str | None = None


@dataclass(frozen=True, slots=True)
class RequestedDeliveryInfo:
    """Where it is to be sent, in the order of what is liked best."""

    sort_order: int | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class RequestingAgencyInfo:
    """The requesting library by its name."""

    name: str | None = None
    contact_name: str | None = None
    address: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class PatronInfo:
    """The reader. The hub keeps nothing of it: :func:`schemas.iso18626.fit_to_keep`."""

    patron_id: str | None = None
    surname: str | None = None
    given_name: str | None = None
    patron_type: Pair | None = None
    send_to_patron: YesNo | None = None
    address: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class BillingInfo:
    """Who pays, and how much at most."""

    payment_method: Pair | None = None
    maximum_costs: Costs | None = None
    billing_method: Pair | None = None
    billing_name: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class MessageInfo:
    """Why the supplier writes."""

    reason_for_message: Reason
    answer_yes_no: YesNo | None = None
    note: str | None = None
    reason_unfilled: Pair | None = None
    reason_retry: Pair | None = None
    offered_costs: Costs | None = None
    retry_after: Moment | None = None
    retry_before: Moment | None = None


@dataclass(frozen=True, slots=True)
class StatusInfo:
    """How the request stands."""

    status: Status
    last_change: Moment
    expected_delivery_date: Moment | None = None
    due_date: Moment | None = None
    ORDER: ClassVar[tuple[str, ...]] = ("status", "expected_delivery_date", "due_date", "last_change")


@dataclass(frozen=True, slots=True)
class DeliveryInfo:
    """What was sent, when, how."""

    date_sent: Moment
    item_id: str | None = None
    sent_via: Pair | None = None
    sent_to_patron: bool | None = None
    loan_condition: Pair | None = None
    delivered_format: Pair | None = None
    delivery_costs: Costs | None = None


@dataclass(frozen=True, slots=True)
class ReturnInfo:
    """Where it is to be returned to."""

    return_agency_id: AgencyId | None = None
    name: str | None = None
    physical_address: PhysicalAddress | None = None
