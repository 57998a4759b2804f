"""Works and their publications, invented: what one publication is, and what else exists under nearly the same name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from benchmarks.network.publication import Person, Printing, Publication
from benchmarks.network.words import Words, capital, table

FIRST_ISBN_YEAR = 2009
LAST_YEAR = 2025
DDC = {"children": "895.9223", "adult": "895.9223", "science": "001.9", "folk": "398.209597", "practical": "630"}
People = tuple[tuple[Person, str], ...]


class Inventor:
    """Invents works one after the other; each method gives the publications of one work."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.random = words.random
        self.works = 0
        self.editions: Counter[str] = Counter()
        self.titles: set[str] = set()
        self.classics = self.shuffled((person, title) for *person, titles in table()["national"] for title in titles)
        self.tales = self.shuffled(table()["folk"])

    def chance(self, share: float) -> bool:
        """True in a share of the cases."""
        return self.random.random() < share

    def shuffled(self, values: Iterable[Any]) -> list[Any]:
        """The values in an order of chance: each is used once."""
        found = list(values)
        self.random.shuffle(found)
        return found

    def fresh_title(self, pattern: str) -> str:
        """A title that no series has yet, if one is found soon."""
        for _ in range(30):
            title = self.words.title(pattern)
            if title not in self.titles:
                break
        self.titles.add(title)
        return title

    def work(self) -> str:
        """The name of the next work."""
        self.works += 1
        return f"w{self.works:05d}"

    def printings(self, publisher: str, first: int, most: int = 4, last: int = LAST_YEAR) -> tuple[Printing, ...]:
        """A first printing and later ones; from 2009 on with ISBNs, a later one often with another."""
        found: list[Printing] = []
        year, isbn = first, ""
        for number in range(1, self.random.choices(range(1, most + 1), [6, 4, 2, 1][:most])[0] + 1):
            if year > last:
                break
            if year >= FIRST_ISBN_YEAR and (not isbn or self.chance(0.6)):
                isbn = self.words.isbn(publisher)
            found.append(Printing(year, isbn, number))
            year += self.random.randint(1, 5)
        if isbn and self.chance(0.04):
            hard = Printing(found[-1].year, self.words.isbn(publisher), found[-1].number, "bìa cứng")
            found.append(hard)
        return tuple(found)

    def other_pages(self, pages: int) -> int:
        """Pages of another edition: at least a tenth more or less."""
        factor = self.random.choice([0.6, 0.72, 0.84, 0.88, 1.12, 1.2, 1.35, 1.6])
        return max(16, round(pages * factor) + self.random.randint(-2, 2))

    def first(self, kind: str, title: str, people: People, publisher: str, **said: Any) -> Publication:
        """The first publication of a new work."""
        work = self.work()
        year = said.pop("year", self.random.randint(1988, 2023))
        pages = said.pop("pages", self.random.randint(48, 460))
        printings = said.pop("printings", None) or self.printings(publisher, year)
        place = said.pop("place", "") or self.words.place(publisher)
        said.setdefault("ddc", DDC.get(kind, "895.9223"))
        return Publication(f"{work}-1", work, kind, title, people, publisher, place, printings, pages, **said)

    def again(self, base: Publication, **changes: Any) -> Publication:
        """Another publication of the work of ``base``."""
        self.editions[base.work] += 1
        number = self.editions[base.work] + 1
        publisher = changes.get("publisher", base.publisher)
        if "printings" not in changes:
            year = changes.pop("year", self.random.randint(1995, 2023))
            changes["printings"] = self.printings(publisher, year)
        changes.setdefault("pages", self.other_pages(base.pages))
        changes.setdefault("place", self.words.place(publisher) if publisher != base.publisher else base.place)
        return replace(base, key=f"{base.work}-{number}", **changes)

    # --- one volume ---------------------------------------------------------------------------------------------------

    def literature(self, pattern: str = "children") -> list[Publication]:
        """A Vietnamese author's book, with what became of it: other publishers, revisions, adaptations, carriers."""
        people: list[tuple[Person, str]] = [(self.random.choice(self.words.authors), "author")]
        if self.chance(0.06):
            people.append((self.random.choice(self.words.authors), "author"))
        if pattern == "children" and self.chance(0.4):
            people.append((self.random.choice(self.words.illustrators), "illustrator"))
        publisher = self.words.publisher(pattern)
        subtitle = self.words.pick(table()["subtitles"][pattern]) if self.chance(0.6) else ""
        found = [
            self.first(
                pattern,
                self.words.title(pattern),
                tuple(dict.fromkeys(people)),
                publisher,
                subtitle=subtitle,
                series=self.words.pick("series") if self.chance(0.15) else "",
                company=self.company(publisher),
                audience="j" if pattern == "children" else "g",
            )
        ]
        return self.others(found, pattern)

    def company(self, publisher: str) -> str:
        """The book company behind some of the publishers' books."""
        if publisher in ("Hội Nhà văn", "Văn học", "Lao động", "Dân trí", "Thế giới", "Hồng Đức") and self.chance(0.5):
            return str(self.words.pick("companies"))
        return ""

    def others(self, found: list[Publication], field: str) -> list[Publication]:
        """What else there is of a work: each with its own chance."""
        base = found[0]
        while self.chance(0.28) and len(found) < 5:
            publisher = self.words.publisher(field)
            if publisher not in {known.publisher for known in found}:
                changes = {"publisher": publisher, "series": "", "company": self.company(publisher)}
                pages = base.pages + self.random.randint(-30, 40)
                found.append(self.again(base, pages=max(20, pages), **changes))
        if self.chance(0.1):
            found.append(self.revision(found))
        if self.chance(0.05):
            found.append(self.bilingual(base))
        if base.audience == "j" and self.chance(0.05):
            found.append(self.comic(base))
        return self.carriers(found)

    def bilingual(self, base: Publication) -> Publication:
        """An edition with the text in two languages."""
        pages, title = round(base.pages * 1.8), self.words.title("original")
        said: dict[str, Any] = {"parallel": title, "languages": ("vie", "eng"), "traits": ("bilingual",)}
        return self.again(base, pages=pages, subtitle="", **said)

    def comic(self, base: Publication) -> Publication:
        """An adaptation as a comic."""
        people = (
            *[p for p in base.people if p[1] == "author"],
            (self.random.choice(self.words.illustrators), "illustrator"),
        )
        said: dict[str, Any] = {"form": "comic", "traits": ("comic",), "people": people}
        return self.again(base, ddc="741.59597", subtitle="truyện tranh", **said)

    def revision(self, found: list[Publication]) -> Publication:
        """A revised edition of the first publication, from the same publisher, after its last printing."""
        base = found[0]
        last = max(printing.year for printing in base.printings)
        start = min(last + self.random.randint(3, 6), LAST_YEAR)
        earlier = tuple(printing for printing in base.printings if printing.year <= start - 3) or base.printings[:1]
        found[0] = replace(base, printings=earlier)
        start = max(start, max(printing.year for printing in earlier) + 3)
        pages = round(base.pages * self.random.uniform(1.1, 1.4))
        return self.again(
            base,
            revised=True,
            pages=pages,
            printings=self.printings(base.publisher, start, most=2, last=start + 8),
            traits=("revised",),
        )

    def carriers(self, found: list[Publication]) -> list[Publication]:
        """Braille, sound and electronic editions of some books."""
        base = found[0]
        for form, share in (("braille", 0.02), ("sound", 0.02), ("electronic", 0.03)):
            if self.chance(share):
                year = self.random.randint(2010, LAST_YEAR)
                pages = {"braille": round(base.pages * 2.6), "sound": 0, "electronic": base.pages}[form]
                printings = (Printing(year),)
                found.append(
                    self.again(base, form=form, printings=printings, pages=pages, traits=("carrier",), company="")
                )
        return found

    def generic(self) -> list[Publication]:
        """«Tuyển tập», «Thơ», «Truyện cổ tích»: one title, many authors and publishers, each a work of its own."""
        title = self.words.pick("generic")
        folk = title.startswith(("Truyện c", "Đồng", "Ca dao", "Văn học", "Từ", "Thành", "Câu", "Kể"))
        role = "compiler" if folk else "author"
        people: People = () if folk and self.chance(0.3) else ((self.random.choice(self.words.authors), role),)
        publisher = self.words.publisher("folk" if folk else "adult")
        found = [self.first("folk" if folk else "adult", title, people, publisher, traits=("generic",))]
        return [self.revision(found), *found] if self.chance(0.06) else found

    def classic(self) -> list[Publication]:
        """A work of national literature from several publishers."""
        if not self.classics:
            return []
        (name, dates), title = self.classics.pop()
        generic = ("generic",) if title in table()["generic"] else ()
        person = ((Person(name, dates=dates), "author"),)
        publisher = self.words.publisher("adult")
        found = [self.first("adult", title, person, publisher, traits=generic, series="")]
        for _ in range(self.random.randint(2, 8)):
            publisher = self.words.publisher("adult")
            if publisher not in {known.publisher for known in found}:
                found.append(self.again(found[0], publisher=publisher))
        return self.carriers(found)

    def folk(self) -> list[Publication]:
        """A folk tale as picture book from several publishers, each with a reteller and a series of its own."""
        found: list[Publication] = []
        if not self.tales:
            return found
        title = self.tales.pop()
        for _ in range(self.random.randint(3, 12)):
            publisher = self.words.publisher("folk")
            if publisher in {known.publisher for known in found}:
                continue
            teller = self.random.choice(self.words.authors)
            people: People = ((teller, "adapter"),) if self.chance(0.7) else ()
            if self.chance(0.5):
                people = (*people, (self.random.choice(self.words.illustrators), "illustrator"))
            subtitle = self.random.choice(["truyện cổ tích", "tranh truyện", "truyện tranh cổ tích", "", ""])
            pages = self.random.choice([16, 20, 24, 28, 32, 36, 48])
            said = {"subtitle": subtitle, "pages": pages, "audience": "a", "ddc": "398.209597", "traits": ("folk",)}
            said["series"] = self.words.pick("series") if self.chance(0.3) else ""
            if found:
                found.append(self.again(found[0], publisher=publisher, people=people, **said))
            else:
                found.append(self.first("folk", title, people, publisher, **said))
        return found

    def twins(self) -> list[Publication]:
        """Titles that differ by their marks only."""
        pattern = self.words.pick("twin_patterns")
        publisher, field = self.words.publisher("children"), self.words.pick("twins")
        found: list[Publication] = []
        for word in self.random.sample(field, 2):
            title = pattern.format(x=word, X=capital(word))
            author = self.random.choice(self.words.authors)
            people: People = ((author, "author"),) if self.chance(0.8) or not found else found[0].people
            pages = self.random.choice([16, 24, 28, 32, 40, 64, 96])
            said = {"pages": pages, "audience": "a", "traits": ("twin",)}
            found.append(self.first("children", title, people, publisher, **said))
        return found

    def nonfiction(self, pattern: str) -> list[Publication]:
        """Popular science, practical books, history and law."""
        role = "editor" if pattern == "history" and self.chance(0.4) else "author"
        title = self.words.title(pattern)
        people: People = ((self.random.choice(self.words.authors), role),) if self.chance(0.85) else ()
        if people and self.chance(0.3):
            people = tuple(dict.fromkeys((*people, (self.random.choice(self.words.authors), role))))
        if title.startswith("Lịch sử Đảng bộ") and self.chance(0.6):
            people = ((Person(f"Ban Chấp hành Đảng bộ {title.partition('bộ ')[2]}"), "corporate"), *people[:1])
        publisher = self.words.publisher("science")
        subtitle = self.words.pick(table()["subtitles"][pattern]) if pattern != "history" and self.chance(0.4) else ""
        ddc = {"science": "500", "practical": "630", "history": "959.7"}[pattern]
        found = [self.first(pattern, title, people, publisher, subtitle=subtitle, ddc=ddc)]
        if "Lịch sử Đảng bộ" in found[0].title and self.chance(0.4):
            return self.chronicle(found[0])
        if self.chance(0.18):
            found.append(self.revision(found))
        if self.chance(0.15) and publisher != (other := self.words.publisher("science")):
            found.append(self.again(found[0], publisher=other))
        return self.carriers(found)

    def chronicle(self, base: Publication) -> list[Publication]:
        """A local history in volumes named by their years."""
        spans = ("1930-1954", "1954-1975", "1975-2005")
        found = []
        for volume, span in enumerate(spans[: self.random.randint(2, 3)], 1):
            printings = self.printings(base.publisher, min(base.printings[0].year + 3 * volume, LAST_YEAR), 1)
            said: dict[str, Any] = {
                "volume": volume,
                "part": span,
                "pages": self.random.randint(150, 400),
                "traits": ("volume",),
            }
            found.append(replace(base, key=f"{base.work}-{volume}", printings=printings, **said))
        return found

    def foreign_language(self) -> list[Publication]:
        """A book in English or French; textbooks have numbered editions, which are revisions."""
        language = "eng" if self.chance(0.8) else "fre"
        author = self.random.choice(self.words.foreigners[language])
        place, publisher = self.words.pick(table()["foreign_publishers"][language])
        title = self.words.title("english" if language == "eng" else "french")
        said = {"languages": (language,), "place": place, "traits": ("foreign",), "ddc": "428", "original": ""}
        year = self.random.randint(1985, 2015)
        printings = (Printing(year, self.words.foreign_isbn(language)),)
        found = [self.first("foreign", title, ((author, "author"),), publisher, printings=printings, **said)]
        if any(word in title for word in ("Introduction", "Principles", "Essential", "beginners")) and self.chance(0.5):
            later = (Printing(year + self.random.randint(3, 8), self.words.foreign_isbn(language), 2),)
            found.append(self.again(found[0], printings=later, revised=True, traits=("foreign", "revised")))
        return found

    def makers(self) -> list[tuple[Callable[[], list[Publication]], float]]:
        """What is invented and how often."""
        return [
            (self.literature, 20),
            (lambda: self.literature("adult"), 16),
            (self.generic, 4),
            (self.classic, 3),
            (self.folk, 5),
            (self.twins, 1.2),
            (lambda: self.nonfiction("science"), 5),
            (lambda: self.nonfiction("practical"), 5),
            (lambda: self.nonfiction("history"), 4),
            (self.foreign_language, 4),
        ]
