"""Works in volumes, translations and textbooks, invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.network.invent import LAST_YEAR, Inventor, People
from benchmarks.network.publication import Person, Printing, Publication
from benchmarks.network.words import Words, table

PUBLISHER = "Giáo dục Việt Nam"
BEFORE = "Giáo dục"
AIDS = ("Bài tập nâng cao {}", "Bồi dưỡng học sinh giỏi {}", "Đề kiểm tra {}", "Để học tốt {}", "Thiết kế bài giảng {}")


class SetInventor(Inventor):
    """The inventor of what comes in volumes, of translations and of textbooks."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.world = self.shuffled(table()["classics"])
        subjects = table()["textbook_subjects"].items()
        grades = ((name, grade, parts) for name, (low, high, parts) in subjects for grade in range(low, high + 1))
        self.lessons = self.shuffled(grades)

    def volumes(self, base: Publication, count: int, names: list[str] | None = None, **said: Any) -> list[Publication]:
        """A publication for each volume; the set has an ISBN of its own or one for each volume."""
        shared = self.words.isbn(base.publisher) if self.chance(0.1) and base.printings[0].isbn else ""
        found = []
        for volume in range(1, count + 1):
            year = min(base.printings[0].year + (volume - 1) // 12, LAST_YEAR)
            printings = self.printings(base.publisher, year, 3)
            if shared:
                printings = tuple(replace(printing, isbn="") for printing in printings)
            pages = max(16, base.pages + self.random.randint(-12, 12))
            changes = {"volume": volume, "part": names[volume - 1] if names else "", "set_isbn": shared, **said}
            key = f"{base.key}.{volume}"
            found.append(replace(base, key=key, printings=printings, pages=pages, unit=base.key, **changes))
        return found

    def whole(self, base: Publication, isbn: str, count: int) -> Publication:
        """The set of volumes described as a whole."""
        printings = tuple(replace(printing, isbn=isbn) for printing in base.printings)
        key = f"{base.key}.set"
        return replace(base, key=key, parts=count, pages=0, printings=printings, traits=("set",), unit=base.key)

    def in_volumes(self) -> list[Publication]:
        """A novel in two to four volumes, sometimes cataloged as a whole, sometimes from a second publisher."""
        publisher, field = self.words.publisher("adult"), self.random.choice(["adult", "children"])
        people: People = ((self.random.choice(self.words.authors), "author"),)
        base = self.first(
            field, self.words.title(field), people, publisher, subtitle=self.random.choice(["tiểu thuyết", ""])
        )
        count = self.random.randint(2, 4)
        found = self.volumes(base, count, traits=("volume",))
        if self.chance(0.3):
            found.append(self.whole(base, found[0].set_isbn, count))
        if self.chance(0.3) and publisher != (other := self.words.publisher("adult")):
            again = self.again(base, publisher=other)
            found += self.volumes(again, count, traits=("volume",))
        if self.chance(0.15):
            thick = self.again(base, publisher=publisher, pages=base.pages * count, year=2018)
            found.append(replace(thick, traits=("one-volume",)))
        return found

    def comics(self) -> list[Publication]:
        """A comics series; some come again in a special edition with other volumes, some volumes have names."""
        language = self.random.choice(["jpn", "jpn", "vie"])
        author = self.random.choice(self.words.foreigners["jpn"] if language == "jpn" else self.words.authors)
        people: People = ((author, "author"),)
        if language == "jpn" and self.chance(0.6):
            people = (*people, (self.random.choice(self.words.translators), "translator"))
        publisher = self.random.choice(["Kim Đồng", "Kim Đồng", "Trẻ", "Đồng Nai"])
        pages = self.random.choice([96, 128, 144, 188, 192])
        said = {"form": "comic", "audience": "j", "ddc": "741.5952", "size": 18, "traits": ("comic", "volume")}
        subtitle = self.random.choice(["truyện tranh", "truyện tranh", "manga", ""])
        original = {"original": "jpn"} if language == "jpn" else {}
        title = self.fresh_title("manga")
        base = self.first("comics", title, people, publisher, pages=pages, subtitle=subtitle, **said, **original)
        count = self.random.choice([3, 5, 8, 10, 12, 18, 24])
        names = [self.words.title("part") for _ in range(count)] if self.chance(0.35) else None
        found = self.volumes(base, count, names)
        if self.chance(0.15):
            special = self.again(base, subtitle="ấn bản đặc biệt", pages=pages + 60, year=2016)
            found += self.volumes(special, max(2, count // 2))
        return found

    def saga(self) -> list[Publication]:
        """A series of novels whose volumes have names by which they are known as well."""
        foreign = self.chance(0.5)
        author = self.random.choice(self.words.foreigners["eng"] if foreign else self.words.authors)
        people: People = ((author, "author"),)
        if foreign:
            people = (*people, (self.random.choice(self.words.translators), "translator"))
        publisher, title = self.random.choice(["Kim Đồng", "Trẻ", "Văn học", "Hội Nhà văn"]), self.fresh_title("saga")
        said = {"original": "eng"} if foreign else {}
        base = self.first("saga", title, people, publisher, audience="j", series=title, **said)
        names = [self.words.title("part") for _ in range(self.random.randint(3, 8))]
        return self.volumes(base, len(names), names, traits=("volume", "named-volume"))

    def translation(self) -> list[Publication]:
        """A foreign book in Vietnamese: one or more translators and publishers, sometimes the original beside it."""
        language = self.random.choice(["eng", "eng", "fre", "rus", "jpn", "ger"])
        author = self.random.choice(self.words.foreigners[language])
        title, original = self.words.title("foreign_vi"), self.words.title("original")
        return self._translated(author, [title], original, language, self.random.choice([1, 1, 1, 2]), 0)

    def world_classic(self) -> list[Publication]:
        """A classic of world literature: several translations, titles, publishers; some in volumes."""
        if not self.world:
            return []
        name, family, phonetic, dates, language, original, titles, volumes = self.world.pop()
        author = Person(name, family if family != name else "", phonetic if phonetic != name else "", dates=dates)
        count = self.random.randint(2, 5)
        return self._translated(author, titles, original, language, count, volumes)

    def _translated(
        self, author: Person, titles: list[str], original: str, language: str, count: int, volumes: int
    ) -> list[Publication]:
        found: list[Publication] = []
        bases: list[Publication] = []
        translators = self.random.sample(self.words.translators, count)
        pages = self.random.randint(120, 620)
        for translator in translators:
            publisher = self.words.publisher("translation")
            people: People = ((author, "author"), (translator, "translator"))
            said: dict[str, Any] = {
                "original": language,
                "original_title": original,
                "company": self.company(publisher),
            }
            said |= {"audience": self.random.choice("gj"), "traits": ("translation",), "ddc": "808.83"}
            title = self.words.pick(titles)
            if bases:
                pages = self.other_pages(pages)
                changes = {"title": title, "people": people, "company": said["company"], "pages": pages}
                base = self.again(bases[0], publisher=publisher, **changes)
            else:
                base = self.first("translation", title, people, publisher, pages=pages, **said)
            bases.append(base)
            found += self._in_volumes_or_whole(base, volumes)
        publisher = self.words.publisher("translation")
        if self.chance(0.15) and not volumes and publisher not in {base.publisher for base in bases}:
            found.append(self.again(bases[0], publisher=publisher, company=""))
        if self.chance(0.06) and not volumes and language in ("eng", "fre"):
            both = self.again(bases[0], parallel=original, languages=("vie", language))
            found.append(replace(both, pages=round(bases[0].pages * 1.9), traits=("bilingual",)))
        return found

    def _in_volumes_or_whole(self, base: Publication, volumes: int) -> list[Publication]:
        if not volumes or self.chance(0.3):
            return [base]
        return self.volumes(base, volumes, traits=("volume", "translation"))

    def textbooks(self) -> list[Publication]:
        """A subject of one grade: old textbooks, the series of today, exercise and teachers' books, study aids."""
        if not self.lessons:
            return []
        subject, grade, parts = self.lessons.pop()
        found: list[Publication] = []
        editors = self.random.sample(self.words.authors, 8)
        title = f"{subject} {grade}"
        said = {"audience": "j", "ddc": "372" if grade < 6 else "373", "size": 24, "traits": ("textbook",)}
        for number, series in enumerate(["", *table()["textbook_series"]]):
            if self.chance(0.25):
                continue
            publisher = BEFORE if not series else PUBLISHER
            if series == "Cánh diều":
                publisher = self.random.choice(["Đại học Sư phạm", PUBLISHER])
            other = editors[number - 1] if self.chance(0.2) else editors[number + 4]
            people: People = ((editors[number], "chief"), (other, "editor"))
            year = self.random.randint(2002, 2006) if not series else 2019 + (grade + number) % 5
            made = {"series": series, "year": year, **said}
            pupil = self.first("textbook", title, people, publisher, pages=self.random.randint(90, 190), **made)
            pupil = replace(pupil, printings=self._yearly(publisher, year, bool(series)))
            found += self._kinds(pupil, parts, grade)
        for aid in self.random.sample(AIDS, self.random.randint(0, 2)):
            people = ((self.random.choice(self.words.authors), "author"),)
            publisher = self.random.choice(
                ["Đại học Sư phạm", "Đại học Quốc gia Hà Nội", "Tổng hợp Thành phố Hồ Chí Minh"]
            )
            found.append(
                self.first("textbook", aid.format(title), people, publisher, pages=self.random.randint(80, 250), **said)
            )
        return found

    def _yearly(self, publisher: str, first: int, today: bool) -> tuple[Printing, ...]:
        """Textbooks are printed again nearly every year."""
        last = LAST_YEAR if today else min(first + 14, 2019)
        found, isbn = [], ""
        for number, year in enumerate(range(first, last + 1), 1):
            if number > 1 and self.chance(0.4):
                continue
            if year >= 2009 and (not isbn or self.chance(0.3)):
                isbn = self.words.isbn(publisher)
            found.append(Printing(year, isbn, number))
        return tuple(found)

    def _kinds(self, pupil: Publication, parts: int, grade: int) -> list[Publication]:
        """Pupil's, exercise and teacher's book, in parts where the subject has parts."""
        kinds = [("{}", 1.0), ("Vở bài tập {}" if grade < 6 else "Bài tập {}", 0.7), ("{}", 0.4)]
        found: list[Publication] = []
        for number, (pattern, share) in enumerate(kinds):
            if not self.chance(share):
                continue
            base = replace(pupil, title=pattern.format(pupil.title), key=f"{pupil.work}-{number + 1}")
            if number:
                base = replace(base, pages=self.other_pages(pupil.pages), printings=self._again(pupil))
            if number == 2:
                base = replace(base, subtitle="sách giáo viên")
            found += [base] if not parts else self._parts(base, parts)
        return found

    def _parts(self, base: Publication, parts: int) -> list[Publication]:
        found = []
        for volume in range(1, parts + 1):
            pages = base.pages + self.random.randint(-15, 15)
            key = f"{base.key}.{volume}"
            printings = base.printings if volume == 1 else self._again(base)
            traits = ("textbook", "volume")
            found.append(
                replace(base, key=key, volume=volume, pages=pages, printings=printings, traits=traits, unit=base.key)
            )
        return found

    def _again(self, base: Publication) -> tuple[Printing, ...]:
        """The years of another book with ISBNs of this one."""
        fresh: dict[str, str] = {}
        found = []
        for printing in base.printings:
            if printing.isbn and printing.isbn not in fresh:
                fresh[printing.isbn] = self.words.isbn(base.publisher)
            found.append(replace(printing, isbn=fresh.get(printing.isbn, "")))
        return tuple(found)

    def makers(self) -> list[tuple[Callable[[], list[Publication]], float]]:
        """What is invented and how often."""
        return [
            *super().makers(),
            (self.in_volumes, 3),
            (self.comics, 2.2),
            (self.saga, 1.6),
            (self.translation, 12),
            (self.world_classic, 3),
            (self.textbooks, 3),
        ]

    def publications(self, count: int) -> list[Publication]:
        """About ``count`` publications."""
        makers = self.makers()
        found: list[Publication] = []
        while len(found) < count:
            make = self.random.choices([maker for maker, _ in makers], [weight for _, weight in makers])[0]
            found += make()
        return found
