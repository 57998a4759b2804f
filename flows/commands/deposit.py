"""The commands ``deposit``: files that are kept for good."""

from __future__ import annotations

from pathlib import Path

import click

from flows.ready import ready
from flows.screen import number, tell
from schemas.problem import Trouble


@click.group()
def deposit() -> None:
    """Tệp lưu giữ lâu dài của lưu chiểu và trao đổi. Files of deposit and exchange that are kept for good."""


@deposit.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="Người giao việc này. Who asks for it.")
@click.option("--sha256", default="", help="SHA-256 bên gửi khai. The SHA-256 that its sender says.")
@click.option("--publication", type=int, default=None, help="Số của xuất bản phẩm. The number of the publication.")
def add(file: Path, by: str, sha256: str, publication: int | None) -> None:
    """Giữ một tệp ở mọi kho; tệp đã giữ thì không đổi. Keep a file in every store; what is kept stays as it is."""
    ready()
    from hub.deposit.keeping import keep
    from hub.deposit.models import Publication

    found = Publication.objects.filter(pk=publication).first() if publication is not None else None
    if publication is not None and found is None:
        raise Trouble("keep_publication", number=publication)
    with file.open("rb") as stream:
        kept = keep(stream, file.name, found, by=by, sha256=sha256)
    tell(f"Đã giữ {kept.sha256}, {number(kept.size)} byte.", f"Kept {kept.sha256}, {number(kept.size)} bytes.")


@deposit.command()
@click.option("--most", type=int, default=None, help="Chỉ xem nhiều nhất bấy nhiêu tệp. Look at so many at most.")
def check(most: int | None) -> int:
    """So mọi bản của mọi tệp với mã kiểm tra, sửa bản hỏng từ bản lành. Compare every copy, repair what is damaged.

    Mã thoát 1: có tệp không còn bản lành. Exit status 1: of some file no copy is whole.
    """
    ready()
    from django.utils import timezone

    from hub.deposit import keeping

    found = keeping.check(timezone.now(), most)
    tell(
        f"{number(found.files)} tệp, {number(found.damaged)} bản hỏng, đã sửa {number(found.repaired)}.",
        f"{number(found.files)} files, {number(found.damaged)} copies damaged, {number(found.repaired)} repaired.",
    )
    for name in found.lost:
        tell(f"Không còn bản lành: {name}", f"No copy is whole: {name}")
    return 1 if found.lost else 0


@deposit.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def drill(folder: Path) -> int:
    """Diễn tập khôi phục: mọi tệp của kho cuối ra một thư mục, so lại. Restore the last store into a folder, compared.

    Mã thoát 1: có tệp không khôi phục được. Exit status 1: some file could not be restored.
    """
    ready()
    from hub.deposit.keeping import restore

    whole = failed = 0
    for kept, is_whole in restore(folder):
        whole, failed = whole + is_whole, failed + (not is_whole)
        if not is_whole:
            tell(f"Không khôi phục được: {kept.name}", f"Not restored: {kept.name}")
    good, bad = number(whole), number(failed)
    tell(f"Khôi phục {good} tệp, hỏng {bad}.", f"{good} files restored, {bad} not.")
    return 1 if failed else 0


@deposit.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def inspect(file: Path) -> int:
    """Xem một tệp có nhận được không và vì sao; không giữ gì. Say whether a file would be taken, and why; keep nothing.

    Mã thoát 1: không nhận được. Exit status 1: it would not be taken.
    """
    ready()
    from hub.deposit.judging import epubcheck, inspected
    from hub.home import language

    found, confined = inspected(file)
    if found.format == "epub" and not found.refused:
        epubcheck(file, found)
    for problem, grave in found.problems:
        click.echo(f"{'✗' if grave else '·'} {problem.sentence(language())}")
    if not confined:
        tell("Chưa có bwrap: tệp được xem không tường chắn.", "bwrap is missing: the file was looked at without walls.")
    kind = found.format or "?"
    if found.refused:
        tell(f"{kind}: không nhận được.", f"{kind}: would not be taken.")
    else:
        tell(f"{kind}: nhận được.", f"{kind}: would be taken.")
    return 1 if found.refused else 0


@deposit.command()
@click.argument("library")
@click.argument("url", required=False)
@click.argument("variable", required=False)
@click.option("--remove", is_flag=True, help="Bỏ địa chỉ. Forget the address.")
def partner(library: str, url: str | None, variable: str | None, remove: bool) -> None:
    """Nơi một hub khác nhận gói (địa chỉ tus và biến môi trường giữ khóa); không ghi URL thì xem.

    Where another hub takes packages: its tus address, such as https://hub.example/deposit/OUR-CODE/files, and the
    environment variable that holds the key; without URL, show it. A private address must be in LIENTHONG_PRIVATE_HOSTS.
    """
    ready()
    from connectors.address import split_url
    from hub.deposit.models import Recipient
    from hub.network.models import Library

    if not Library.objects.filter(pk=library).exists():
        raise Trouble("library_code_unknown", code=library)
    if remove:
        Recipient.objects.filter(pk=library).delete()
    elif url:
        split_url(url)
        Recipient.objects.update_or_create(library_id=library, defaults={"url": url, "secret": variable or ""})
    for one in Recipient.objects.filter(pk=library):
        click.echo(f"{one.library_id}\t{one.url}\t{one.secret}")


@deposit.command()
@click.argument("publication", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def package(publication: int, file: Path) -> None:
    """Ghi một xuất bản phẩm ra gói BagIt + E-ARK (ZIP). Write a publication as a BagIt and E-ARK package."""
    ready()
    from hub.deposit import packages
    from hub.deposit.models import Publication

    found = Publication.objects.select_related("publisher").filter(pk=publication).first()
    if found is None:
        raise Trouble("keep_publication", number=publication)
    made = packages.write(found, file)
    tell(
        f"Gói {made.name}: {number(made.size)} byte, {made.sha256}.",
        f"{made.name}: {number(made.size)} bytes, {made.sha256}.",
    )


@deposit.command()
def work() -> None:
    """Nhận tệp ở thư mục theo dõi, kiểm tra tệp đã đến, gửi gói, cập nhật mục lục. «lienthong up» đã gồm lệnh này.

    Take files of the watched folder, judge what has arrived, send packages, bring the catalog up to date;
    "lienthong up" does it all the time.
    """
    ready()
    from hub.deposit import rounds

    done = rounds.everything()
    said = {name: number(count) for name, count in done.items()}
    tell(
        "{taken} tệp ở thư mục, {fetched} tệp lấy về, {judged} tệp đã xét, {listed} biểu ghi,"
        " {sent} gói được xác nhận.".format(**said),
        "{taken} files of the folder, {fetched} fetched, {judged} judged, {listed} records,"
        " {sent} packages acknowledged.".format(**said),
    )


COMMANDS = (deposit,)
