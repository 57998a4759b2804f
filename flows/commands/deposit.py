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


COMMANDS = (deposit,)
