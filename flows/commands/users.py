"""The commands ``users``: who signs in to the portal. The first administrator comes in this way."""

from __future__ import annotations

import json
from typing import Any

import click

from flows.ready import ready
from flows.screen import tell, words
from hub.home import language
from schemas.problem import Trouble

BY = "lienthong users"


@click.group()
def users() -> None:
    """Tài khoản của cổng thông tin. The accounts of the portal."""


def _user(email: str):  # type: ignore[no-untyped-def]
    from hub.accounts.models import User

    found = User.objects.by_email(email)
    if found is None:
        raise Trouble("user_unknown", email=email)
    return found


@users.command("add")
@click.argument("email")
@click.option("--role", required=True, help="Vai trò, ví dụ administrator. The role, such as administrator.")
@click.option(
    "--library", default="", help="Mã thư viện, khi vai trò cần. The library's code, where the role needs one."
)
def add(email: str, role: str, library: str) -> None:
    """Mời một người: in liên kết dùng một lần, để họ tự đặt mật khẩu.

    Invite somebody: prints a link that works once, by which they choose a password.
    """
    ready()
    from hub.accounts import invitations

    made, link = invitations.invite(email, role, library, by=BY)
    tell(
        f"Gửi liên kết này cho {made.email}; dùng được một lần, trong bảy ngày:",
        f"Give this link to {made.email}; it works once, within seven days:",
    )
    click.echo(link)


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="In JSON. Print JSON.")
def listed(as_json: bool) -> None:
    """Các tài khoản với vai trò. The accounts with their roles."""
    ready()
    from django.utils import translation

    from hub.accounts.models import User
    from hub.accounts.pages import role_name

    found: list[dict[str, Any]] = [
        {
            "email": user.email,
            "name": user.name,
            "open": user.is_active,
            "last_login": user.last_login.isoformat() if user.last_login else "",
            "roles": [{"role": grant.role, "library": grant.library_code} for grant in user.grants.all()],
        }
        for user in User.objects.prefetch_related("grants").order_by("email")
    ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found:
        tell(
            "Chưa có tài khoản nào. Mời người đầu tiên: lienthong users add EMAIL --role administrator",
            "There is no account yet. Invite the first: lienthong users add EMAIL --role administrator",
        )
    with translation.override(language()):
        for row in found:
            roles = "; ".join(f"{role_name(one['role'])} {one['library']}".strip() for one in row["roles"]) or "–"
            closed = "" if row["open"] else words(" (đã đóng)", " (closed)")
            click.echo(f"{row['email']}\t{row['name']}\t{roles}{closed}")


@users.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """In liên kết đặt lại mật khẩu. Print the link to a new password."""
    ready()
    from hub.accounts import audit, invitations

    user = _user(email)
    if not user.is_active:
        raise Trouble("account_closed", email=user.email)
    audit.record(BY, "password.letter", user.email)
    tell(
        f"Gửi liên kết này cho {user.email}; dùng được trong hai giờ:",
        f"Give this link to {user.email}; it holds two hours:",
    )
    click.echo(invitations.reset_link(user))


@users.command("deactivate")
@click.argument("email")
def deactivate(email: str) -> None:
    """Đóng một tài khoản: không đăng nhập được nữa, mọi phiên và khóa hết hiệu lực; việc đã làm vẫn ghi tên.

    Close an account: no sign-in, its sessions and keys end; what it did stays under its name.
    """
    ready()
    from hub.accounts import people

    people.close(_user(email), by=BY)
    tell(f"Đã đóng tài khoản {email}.", f"The account {email} is closed.")


COMMANDS = (users,)
