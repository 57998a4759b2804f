"""Where bags come from: a folder, or a ZIP that is read where it lies. Nothing is unpacked, no link is followed."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from schemas.bagit import Store
from schemas.problem import Trouble
from schemas.zip_members import BROKEN, LARGEST, is_bomb


class Folder:
    """A bag as a folder; what is no file in it (a link, a device) is a name that cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> Iterator[str]:
        """Every file by its name."""
        for folder, folders, files in os.walk(self.path):
            inside = Path(folder).relative_to(self.path)
            for name in sorted([*files, *(one for one in folders if (Path(folder) / one).is_symlink())]):
                path = Path(folder) / name
                shown = (inside / name).as_posix()
                yield shown if path.is_file() and not path.is_symlink() else f"{shown}/.."

    def open(self, name: str) -> BinaryIO:
        """The bytes of a file."""
        return (self.path / name).open("rb")


class Zipped:
    """A bag as a ZIP, alone in it or in one folder of it. :class:`Trouble` ``bag_zip`` for none, or for a bomb."""

    def __init__(self, path: Path) -> None:
        try:
            self.archive = zipfile.ZipFile(path)
        except BROKEN as error:
            raise Trouble("bag_zip", detail=str(error)[:80]) from None
        self.members = [one for one in self.archive.infolist() if not one.is_dir()]
        for one in self.members:
            if is_bomb(one) or one.file_size > LARGEST or one.flag_bits & 1:
                raise Trouble("bag_zip", detail=one.filename[:80])
        heads = {one.filename.partition("/")[0] for one in self.members}
        at_top = any(one.filename == "bagit.txt" for one in self.members)
        self.before = f"{heads.pop()}/" if len(heads) == 1 and not at_top else ""

    def names(self) -> Iterator[str]:
        """Every member by its name, also those that stand twice."""
        for one in self.members:
            yield one.filename.removeprefix(self.before)

    def open(self, name: str) -> BinaryIO:
        """The bytes of a member."""
        return cast("BinaryIO", self.archive.open(self.before + name))


def store_of(path: Path) -> Store:
    """The bag at a path."""
    return Folder(path) if path.is_dir() else Zipped(path)


class Within:
    """A folder of a store, as a store."""

    def __init__(self, store: Store, folder: str) -> None:
        self.store, self.folder = store, folder

    def names(self) -> Iterator[str]:
        """Every file of the folder by its name there."""
        for name in self.store.names():
            if name.startswith(self.folder):
                yield name.removeprefix(self.folder)

    def open(self, name: str) -> BinaryIO:
        """The bytes of a file."""
        return self.store.open(self.folder + name)


def package_in(store: Store) -> str:
    """The one folder of a bag's payload that is a package with a METS of its own; "" where there is none."""
    found = [name.split("/")[1] for name in store.names() if name.count("/") == 2 and name.endswith("/METS.xml")]
    return found[0] if len(found) == 1 else ""
