"""The commands ``lending``: loans between libraries, and where their systems take messages."""

from __future__ import annotations

import click

from flows.ready import ready
from flows.screen import number, tell
from schemas.problem import Trouble


@click.group()
def lending() -> None:
    """Mượn giữa các thư viện. Loans between libraries."""


@lending.command()
def work() -> None:
    """Gửi thông điệp ISO 18626 đang chờ, nhắc việc quá hạn, hỏi nơi kế tiếp. «lienthong up» đã gồm lệnh này.

    Send ISO 18626 messages that wait, remind of what is late, ask the next library; "lienthong up" does it each minute.
    """
    ready()
    from django.utils import timezone

    from hub.lending import loans, outbox

    sent, failed = outbox.send_due()
    done = loans.lapse(timezone.now())
    tell(
        f"{number(sent)} thông điệp đã gửi, {number(failed)} chưa được; {number(done['silent'])} nơi không trả lời,"
        f" {number(done['reminded'])} lời nhắc, {number(done['handed_over'])} việc giao điều phối viên.",
        f"{number(sent)} messages sent, {number(failed)} not; {number(done['silent'])} libraries were silent,"
        f" {number(done['reminded'])} reminders, {number(done['handed_over'])} given to the coordinator.",
    )


@lending.command()
@click.argument("library")
@click.argument("url", required=False)
@click.option("--secret", default="", metavar="VARIABLE", help="Biến môi trường giữ khóa. The variable with the token.")
@click.option("--remove", is_flag=True, help="Bỏ địa chỉ; từ nay dùng trang. Forget the address; the page from now on.")
def address(library: str, url: str | None, secret: str, remove: bool) -> None:
    """Nơi phần mềm của một thư viện nhận thông điệp ISO 18626; không ghi URL thì xem.

    Where a library's own system takes ISO 18626 messages; without URL, show it. The token of the environment variable
    goes along as "Authorization: Bearer". A private address must be in LIENTHONG_PRIVATE_HOSTS.
    """
    ready()
    from connectors.address import split_url
    from hub.lending.models import Address
    from hub.network.models import Library

    if not Library.objects.filter(pk=library).exists():
        raise Trouble("library_code_unknown", code=library)
    if remove:
        Address.objects.filter(pk=library).delete()
    elif url:
        split_url(url)
        Address.objects.update_or_create(library_id=library, defaults={"url": url, "secret": secret})
    found = Address.objects.filter(pk=library).first()
    said = found.url if found else "–"
    tell(f"{library}: {said}", f"{library}: {said}")


@lending.command()
def waiting() -> None:
    """Thông điệp đang chờ, với lỗi của lần thử gần nhất. Messages that wait, with what went wrong last."""
    ready()
    from hub.lending.models import Outgoing

    for one in Outgoing.objects.exclude(due_at=None).order_by("pk").select_related("loan"):
        said = f"{one.library_id} {one.loan.requester_id}/{one.loan.number}: {one.tries} × {one.problem}"
        tell(said, said)


COMMANDS = (lending,)
