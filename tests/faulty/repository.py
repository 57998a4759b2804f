"""A repository whose true state is known: every version of every record, and the changes of a round.

Time is the repository's own: it moves by a second with each request and by hours between rounds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from tests.faulty.exchange import Version
from tests.faulty.quirks import Manners

START = datetime(2025, 3, 1, 8, tzinfo=UTC)
ROUND = timedelta(hours=5)
SETS = ("sach", "luan-van")
STEMS = (
    "Sóng biển Đồ Sơn", "Hoa phượng đỏ", "Chợ Sắt ngày cũ", "Bến đò sông Cấm", "Núi Voi mùa thu", "Chuyện kể Lê Chân",
    "Nghề làm muối Cát Hải", "Rừng Cát Bà", "Tàu về bến Nghiêng", "Nữ tướng trên sông", "Trạng Trình và thơ",
    "Bánh đa cua quê nhà",
)  # fmt: skip
PEOPLE = ("Nguyễn Thị Lựu", "Trần Văn Đước", "Phạm Hồng Quế", "Lê Ngọc Ưu", "Vũ Thị Ổn", "Đỗ Mạnh Khởi", "Bùi Ý Nhi")


class Repository:
    """Records by identifier, each with all its versions, and the rules of ``manners``."""

    def __init__(self, name: str, size: int, manners: Manners | None = None, *, seed: int = 0, page: int = 10) -> None:
        self.name = name
        self.manners = manners or Manners()
        self.page = page
        self.now = START
        self.random = Random(f"{name} {seed}")
        self.history: dict[str, list[Version]] = {}
        self.numbers: dict[str, int] = {}
        self.written = 0
        for number in range(size):
            self._add(START - timedelta(hours=7 * (size - 1 - number)))

    # The true state

    def newest(self) -> dict[str, Version]:
        """The present version of every record there ever was."""
        return {identifier: versions[-1] for identifier, versions in self.history.items()}

    def truth(self, wanted: str = "") -> dict[str, str]:
        """identifier → title of the records that are there, in a set when one is wanted."""
        return {
            identifier: version.title
            for identifier, version in self.newest().items()
            if not version.deleted and (not wanted or wanted in version.sets)
        }

    # What is seen from outside

    def visible(self) -> dict[str, Version]:
        """What the repository shows now: without what its index does not hold yet, and without forgotten tombstones."""
        seen = {}
        for identifier, versions in self.history.items():
            shown = [version for version in versions if version.shown <= self.now]
            if shown and not (shown[-1].deleted and self._forgotten(shown[-1])):
                seen[identifier] = shown[-1]
        return seen

    def _forgotten(self, version: Version) -> bool:
        keeps = self.manners.keeps
        return keeps is not None and self.now >= version.shown + keeps

    def older(self, identifier: str) -> Version | None:
        """The newest of the versions with an older datestamp than the one that is shown, unless that is a deletion."""
        *before, last = [version for version in self.history[identifier] if version.shown <= self.now]
        older = [version for version in before if version.datestamp < last.datestamp and not version.deleted]
        return older[-1] if older and not last.deleted else None

    # Changes

    def change(self, most: int = 3, *, backdated: bool = False, rewritten: bool = True, removing: bool = True) -> None:
        """A round: a second update in the second of the last change, then some hours later some of each change."""
        if rewritten:
            self.rewrite()
        self.pass_time(ROUND)
        removals = (self.delete, self.undelete) if removing else ()
        for act in (self.add, self.update, *removals, self.move, self.add, self.update):
            for _ in range(self.random.randint(1, most)):
                self.pass_time(timedelta(seconds=7))
                act()
        if backdated:
            for _ in range(most):
                self.backdate()

    def pass_time(self, time: timedelta) -> None:
        self.now += time

    def add(self) -> None:
        self._add(self.now)

    def update(self) -> None:
        """A new title."""
        if (identifier := self._any(deleted=False)) is not None:
            self.write(identifier, self.now)

    def rewrite(self) -> None:
        """A new title in the same second as the newest change, made after it was harvested."""
        live = [(versions[-1].datestamp, name) for name, versions in self.history.items() if not versions[-1].deleted]
        datestamp, identifier = max(live)
        self.write(identifier, datestamp)

    def backdate(self) -> None:
        """A new title with a datestamp long past, as a restored backup has it."""
        if (identifier := self._any(deleted=False)) is not None:
            self.write(identifier, START - timedelta(days=self.random.randint(100, 300)))

    def delete(self) -> None:
        if (identifier := self._any(deleted=False)) is not None:
            self.write(identifier, self.now, deleted=True)

    def undelete(self) -> None:
        if (identifier := self._any(deleted=True)) is not None:
            self.write(identifier, self.now)

    def move(self) -> None:
        """Into the other set."""
        if (identifier := self._any(deleted=False)) is not None:
            before = self.history[identifier][-1].sets
            self.write(identifier, self.now, sets=(SETS[1 - SETS.index(before[0])],))

    def _any(self, *, deleted: bool) -> str | None:
        names = [name for name, versions in self.history.items() if versions[-1].deleted == deleted]
        return self.random.choice(names) if names else None

    def _add(self, datestamp: datetime) -> None:
        number = len(self.history)
        identifier = self.manners.identifier.format(name=self.name, number=number)
        self.numbers[identifier] = number
        self.history[identifier] = []
        self.write(identifier, datestamp, sets=(SETS[number % 4 == 3],))

    def write(self, identifier: str, datestamp: datetime, *, deleted: bool = False, sets: tuple[str, ...] = ()) -> None:
        """A new version of a record."""
        versions = self.history[identifier]
        self.written += 1
        number = self.numbers[identifier]
        stem, person = STEMS[number % len(STEMS)], PEOPLE[self.written % len(PEOPLE)]
        title = f"{stem} {self.name} {number} qua lời {person} {self.written}"
        datestamp = datestamp.replace(microsecond=0)
        shown = self.now + (self.manners.lag if self.now > START else timedelta())
        kept = sets or (versions[-1].sets if versions else ())
        versions.append(Version(title, datestamp, shown, deleted, kept))
