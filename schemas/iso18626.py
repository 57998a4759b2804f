"""The messages of interlibrary loan: ISO 18626, schema 1.2 (http://illtransactions.org/schemas/ISO-18626-v1_2.xsd).

The six messages; what they are made of is in :mod:`schemas.iso18626_parts`, the closed lists of codes are in
:mod:`schemas.iso18626_codes`. :mod:`schemas.iso18626_xml` reads and writes them, :mod:`schemas.iso18626_refusal`
answers what cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from schemas.iso18626_codes import (
    Action,
    MessageStatus,
    Reason,
    YesNo,
)
from schemas.iso18626_parts import (
    BibliographicInfo,
    BillingInfo,
    ConfirmationHeader,
    DeliveryInfo,
    ErrorData,
    Header,
    MessageInfo,
    Moment,
    PatronInfo,
    PublicationInfo,
    RequestedDeliveryInfo,
    RequestingAgencyInfo,
    ReturnInfo,
    ServiceInfo,
    StatusInfo,
    SupplierInfo,
)

NAMESPACE = "http://illtransactions.org/2013/iso18626"
VERSION = "1.2"


@dataclass(frozen=True, slots=True)
class Request:
    """A library asks another for something."""

    header: Header
    bibliographic_info: BibliographicInfo
    publication_info: PublicationInfo | None = None
    service_info: ServiceInfo | None = None
    supplier_info: tuple[SupplierInfo, ...] = ()
    requested_delivery_info: tuple[RequestedDeliveryInfo, ...] = ()
    requesting_agency_info: RequestingAgencyInfo | None = None
    patron_info: PatronInfo | None = None
    billing_info: BillingInfo | None = None


@dataclass(frozen=True, slots=True)
class RequestConfirmation:
    """The request has arrived, or what is wrong with it."""

    confirmation_header: ConfirmationHeader
    error_data: ErrorData | None = None


@dataclass(frozen=True, slots=True)
class SupplyingAgencyMessage:
    """The supplier answers, or tells how the request stands."""

    header: Header
    message_info: MessageInfo
    status_info: StatusInfo
    delivery_info: DeliveryInfo | None = None
    return_info: ReturnInfo | None = None


@dataclass(frozen=True, slots=True)
class SupplyingAgencyMessageConfirmation:
    """The supplier's message has arrived, or what is wrong with it."""

    confirmation_header: ConfirmationHeader
    reason_for_message: Reason | None = None
    error_data: ErrorData | None = None


@dataclass(frozen=True, slots=True)
class RequestingAgencyMessage:
    """The requester says what it has done, or what it wants."""

    header: Header
    action: Action
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RequestingAgencyMessageConfirmation:
    """The requester's message has arrived, or what is wrong with it."""

    confirmation_header: ConfirmationHeader
    action: Action | None = None
    error_data: ErrorData | None = None


Message: TypeAlias = Request | SupplyingAgencyMessage | RequestingAgencyMessage
Confirmation: TypeAlias = RequestConfirmation | SupplyingAgencyMessageConfirmation | RequestingAgencyMessageConfirmation
MESSAGES: dict[str, type[Message] | type[Confirmation]] = {
    "request": Request,
    "requestConfirmation": RequestConfirmation,
    "supplyingAgencyMessage": SupplyingAgencyMessage,
    "supplyingAgencyMessageConfirmation": SupplyingAgencyMessageConfirmation,
    "requestingAgencyMessage": RequestingAgencyMessage,
    "requestingAgencyMessageConfirmation": RequestingAgencyMessageConfirmation,
}


def fit_to_keep(message: Message) -> Message:
    """The message without what the hub must not keep: the reader it is for, a reader's address, a security code.

    Libraries lend to libraries. Where the thing is to be sent to the reader, the place of delivery is the reader's.
    """
    if message.header.requesting_agency_authentication is not None:
        message = replace(message, header=replace(message.header, requesting_agency_authentication=None))
    if not isinstance(message, Request) or message.patron_info is None:
        return message
    to_reader = message.patron_info.send_to_patron == YesNo.YES
    delivery = () if to_reader else message.requested_delivery_info
    return replace(message, patron_info=None, requested_delivery_info=delivery)


def confirm(message: Message, received: datetime, error: ErrorData | None = None) -> Confirmation:
    """The confirmation of a message: that it has arrived, or what is wrong with it."""
    header = ConfirmationHeader(
        message.header.timestamp,
        Moment.of(received),
        MessageStatus.ERROR if error else MessageStatus.OK,
        message.header.supplying_agency_id,
        message.header.requesting_agency_id,
        message.header.requesting_agency_request_id,
        message.header.multiple_item_request_id,
    )
    if isinstance(message, Request):
        return RequestConfirmation(header, error)
    if isinstance(message, SupplyingAgencyMessage):
        return SupplyingAgencyMessageConfirmation(header, message.message_info.reason_for_message, error)
    return RequestingAgencyMessageConfirmation(header, message.action, error)
