"""The command ``units``: administrative units over time, and where the libraries are among them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from flows.ready import ready
from flows.screen import number, tell
from schemas.problem import Trouble


@click.group()
def units() -> None:
    """Đơn vị hành chính qua các thời kỳ. Administrative units over time."""


@units.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Nhập bảng đơn vị hành chính (JSON), rồi xếp thư viện vào đơn vị. Import a table of units, then place libraries.

    Nhập lại cùng một bảng thì không đổi gì. The same table again changes nothing.
    """
    ready()
    from hub.network import unit_table
    from hub.network import units as network

    kept = network.keep(unit_table.read(file.read_bytes()))
    tell(
        f"{number(kept.created)} đơn vị mới, {number(kept.changed)} sửa, {number(kept.unchanged)} không đổi;"
        f" {number(kept.successions)} lần kế tiếp mới.",
        f"{number(kept.created)} new units, {number(kept.changed)} changed, {number(kept.unchanged)} unchanged;"
        f" {number(kept.successions)} new successions.",
    )
    for name in kept.unknown:
        tell(f"  Không thấy đơn vị trước: {name}", f"  No such unit before: {name}")
    _settle()


@units.command()
def settle() -> None:
    """Xếp thư viện vào đơn vị, chuyển sang đơn vị kế tiếp. Place libraries; move them on to the units that succeed."""
    ready()
    _settle()


def _settle() -> None:
    from hub.network import units as network

    done = network.settle(_today(), by="lienthong units")
    tell(
        f"{number(done.placed)} thư viện đã xếp, {number(done.moved)} chuyển sang đơn vị kế tiếp,"
        f" {number(len(done.waiting))} chờ người xếp.",
        f"{number(done.placed)} libraries placed, {number(done.moved)} moved on to a successor,"
        f" {number(len(done.waiting))} wait for a person.",
    )
    for code, said, found in done.waiting:
        click.echo(f"  {code}: {said} → {', '.join(found) or '?'}")


@units.command(name="list")
@click.option("--on", "day", default="", metavar="YYYY-MM-DD", help="Vào ngày nào; mặc định hôm nay. On which day.")
def list_(day: str) -> None:
    """Các đơn vị vào một ngày, và thư viện ở đó. The units there were on a day, and the libraries in them."""
    ready()
    from hub.network import units as network

    try:
        when = date.fromisoformat(day) if day else _today()
    except ValueError:
        raise Trouble("day_wrong", value=day) from None
    placed: dict[int, list[str]] = {}
    for code, unit in sorted(network.places_on(None, when).items()):
        placed.setdefault(unit.pk, []).append(code)
    for unit in network.in_force(when).order_by("level", "code"):
        click.echo(f"{unit.code}\t{unit.name}\t{' '.join(placed.get(unit.pk, ()))}".rstrip())


@units.command()
@click.argument("library")
@click.argument("unit")
@click.option("--since", required=True, metavar="YYYY-MM-DD", help="Từ ngày nào. From which day on.")
def place(library: str, unit: str, since: str) -> None:
    """Xếp một thư viện vào một đơn vị (mã) từ một ngày. Put a library into a unit (its code) from a day on."""
    ready()
    from hub.network import units as network
    from hub.network.models import Library

    try:
        day = date.fromisoformat(since)
    except ValueError:
        raise Trouble("day_wrong", value=since) from None
    found = Library.objects.filter(code=library).first()
    if found is None:
        raise Trouble("library_code_unknown", code=library)
    meant = network.in_force(day).filter(code=unit).first()
    if meant is None:
        raise Trouble("place_outside", unit=unit, day=f"{day:%d/%m/%Y}")
    network.put(found, meant, day, by="lienthong units")
    tell(f"{found.name_vi}: {meant.name} từ {day:%d/%m/%Y}.", f"{found.name_vi}: {meant.name} from {day:%d/%m/%Y} on.")


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


COMMANDS = (units,)
