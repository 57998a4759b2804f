"""A dry run in the words of a cataloger, and as one JSON object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.screen import number, words
from hub.home import language

if TYPE_CHECKING:
    from hub.match.description import Description
    from hub.stages.trial import Example, Group, Shown, Trial

RULES = {  # docs/normalization.md
    "mojibake": ("chữ UTF-8 bị đọc nhầm hai lần được đọc lại", "UTF-8 that was read wrongly, read again"),
    "tcvn3": ("chữ của phông TCVN3 (ABC) đổi sang Unicode", "text of TCVN3 (ABC) fonts as Unicode"),
    "vni": ("chữ của phông VNI đổi sang Unicode", "text of VNI fonts as Unicode"),
    "viscii": ("chữ của phông VISCII đổi sang Unicode", "text of VISCII fonts as Unicode"),
    "cp1258": ("chữ của bảng mã CP1258 đổi sang Unicode", "text of CP1258 as Unicode"),
    "soft-hyphen": ("chữ ư đã mất thành dấu nối được trả lại", "the letter ư that had become a hyphen put back"),
    "viqr": ("dấu gõ theo VIQR đổi sang chữ có dấu", "marks typed as VIQR put on their letters"),
    "converted": ("chữ bị phần mềm chuyển mã đổi sai được trả lại", "letters that a converter had changed put back"),
    "escape": ("số nhỏ trên, dưới dòng của MARC-8 đổi sang Unicode", "small figures of MARC-8 as Unicode"),
    "ligature": ("dấu nối hai chữ viết theo một dạng", "ligatures in one form"),
    "nfc": ("chữ có dấu rời được viết liền (NFC)", "letters and marks put together (NFC)"),
    "eth": ("Ð/ð, Ɖ/ɖ viết thành Đ/đ", "Ð/ð and Ɖ/ɖ written as Đ/đ"),
    "gha": ("Ƣ/ƣ viết thành Ư/ư", "Ƣ/ƣ written as Ư/ư"),
    "invisible": ("bỏ ký tự vô hình", "invisible characters taken out"),
    "R-01": ("nơi xuất bản viết theo một dạng", "places of publication in one form"),
    "R-02": ("nơi xuất bản viết theo tên hiện nay", "places of publication by their present names"),
    "R-03": ("nhà xuất bản viết theo một dạng", "publishers in one form"),
    "R-04": ("công ty sách chuyển sang trường phát hành", "book companies moved to the distributor"),
    "R-05": ("số trang viết theo một dạng", "pages in one form"),
    "R-06": ("giá tiền viết theo một dạng", "prices in one form"),
    "R-07": ("tập viết theo một dạng", "volumes in one form"),
    "R-08": ("lần xuất bản viết theo một dạng", "editions in one form"),
    "R-09": ("năm xuất bản viết theo một dạng", "dates of publication in one form"),
    "R-10": ("ISBN viết đủ 13 số; ISBN sai chuyển sang $z", "ISBNs with 13 digits; wrong ones moved to $z"),
    "R-11": ("số lượng in chuyển sang phụ chú", "print runs moved to a note"),
    "R-12": ("ngôn ngữ suy từ nhan đề", "languages inferred from the title"),
    "R-13": ("mã nước xuất bản theo MARC 21", "countries of publication as MARC codes"),
    "R-14": ("dấu lạc được đặt lại vào chữ", "stray marks put back on their letters"),
    "R-15": ("khổ sách viết theo một dạng", "sizes in one form"),
    "R-16": ("số tập đứng riêng chuyển về nhan đề", "lone volume numbers moved to the title"),
    "R-17": ("vai trò tách khỏi tên người", "roles separated from names"),
    "R-18": ("tên người viết hoa toàn bộ được viết thường", "names in capitals written in lower case"),
    "R-19": ("mã ngôn ngữ theo MARC 21", "languages as MARC codes"),
    "R-20": ("bỏ khoảng trắng thừa", "needless blanks taken out"),
    "R-21": ("ISSN viết theo một dạng; ISSN sai chuyển sang $y", "ISSNs in one form; wrong ones moved to $y"),
}
EVIDENCE = {
    "byte order mark": ("có dấu thứ tự byte (BOM)", "a byte order mark says so"),
    "ascii": ("chỉ có chữ ASCII", "nothing beyond ASCII"),
    "strict utf-8": ("mọi byte đều là UTF-8", "every byte is UTF-8"),
    "given": ("theo khai báo", "as declared"),
    "letters": ("{share} từ có dấu là chữ của các ngôn ngữ châu Âu", "{share} of the marked words are European"),
    "syllables": ("{share} từ có dấu là âm tiết tiếng Việt", "{share} of the marked words are Vietnamese syllables"),
}


def lines(trial: Trial) -> Iterator[str]:
    """The report, a line at a time."""
    yield from _counts(trial)
    yield from _encoding(trial)
    yield from _columns(trial)
    for note in trial.notes:
        yield note.sentence(language())
    yield from _problems(words("Chưa nhận được", "Cannot be taken"), trial.problems)
    yield from _problems(words("Nên xem lại", "To be looked at"), trial.remarks)
    yield from _repairs(trial)
    if trial.shown:
        yield ""
        yield words("Vài biểu ghi đầu, như cán bộ biên mục đọc:", "The first records, as a cataloger reads them:")
    for shown in trial.shown:
        yield from _record(shown)
    yield ""
    yield words("Đây là kiểm tra trước: chưa ghi gì.", "This was a dry run: nothing was written.")


def _counts(trial: Trial) -> Iterator[str]:
    n = _Said(trial.counts)
    yield words(
        f"Đọc {n['read']} biểu ghi: {n['new']} mới, {n['changed']} sẽ sửa, {n['unchanged']} không đổi,"
        f" {n['deleted']} bị xóa, {n['rejected']} chưa nhận được.",
        f"{n['read']} records read: {n['new']} new, {n['changed']} would change, {n['unchanged']} unchanged,"
        f" {n['deleted']} deleted, {n['rejected']} cannot be taken.",
    )
    if trial.counts["twice"]:
        yield words(
            f"  {n['twice']} biểu ghi mang số đã gặp trong tệp: bản sau thay bản trước.",
            f"  {n['twice']} records have a number that came before in the file: the later one is taken.",
        )
    if trial.counts["aside"]:
        yield words(
            f"  {n['aside']} biểu ghi vốn tài liệu hoặc kiểm soát tính nhất quán, được giữ riêng.",
            f"  {n['aside']} holdings or authority records, kept beside the catalog.",
        )
    if trial.compared:
        yield words(
            f"So với mục lục liên hợp: {n['in_union']} đã có (chắc chắn), {n['to_ask']} cần hỏi, {n['titles']} nhan đề"
            " mới.",
            f"Against the union catalog: {n['in_union']} are there for sure, {n['to_ask']} to be asked about,"
            f" {n['titles']} new publications.",
        )
    yield words(f"Bản sách: {number(trial.copies)}.", f"Copies: {number(trial.copies)}.")
    for tag, count in sorted(trial.removed.items()):
        yield words(
            f"Dữ liệu cá nhân sẽ bị bỏ: trường {tag}, {number(count)} lần.",
            f"Personal data that would be removed: field {tag}, {number(count)} times.",
        )


class _Said(dict[str, str]):
    """Counts as the language writes them; what was not counted is 0."""

    def __init__(self, counts: dict[str, int]) -> None:
        super().__init__({name: number(count) for name, count in counts.items()})

    def __missing__(self, name: str) -> str:
        return "0"


def _encoding(trial: Trial) -> Iterator[str]:
    if not trial.encoding:
        return
    name = words("không rõ", "unknown") if trial.encoding == "unknown" else trial.encoding
    scores = trial.evidence.get("scores")
    score = max(scores.values(), default=0.0) if isinstance(scores, dict) else 0.0
    rule = str(trial.evidence.get("rule", ""))
    why = words(*EVIDENCE.get(rule, (rule, rule))).format(share=f"{score:.0%}")
    yield words(f"Bảng mã: {name} ({why}).", f"Encoding: {name} ({why}).")


def _columns(trial: Trial) -> Iterator[str]:
    for table in trial.tables:
        where = words(f"Trang «{table.sheet}»: ", f"Sheet “{table.sheet}”: ") if table.sheet else ""
        if table.guessed:
            yield where + words(
                "Bảng không có dòng tiêu đề; các cột được đoán theo nội dung.",
                "The table has no headings; the columns were told from what stands in them.",
            )
        names = [(column.letter if table.guessed else column.heading, column.field) for column in table.columns]
        taken = [f"{name} → {field}" for name, field in names if field]
        left = [name for name, field in names if not field]
        if taken:
            yield where + words("Cột được nhận: ", "Columns taken: ") + "; ".join(taken) + "."
        if left:
            yield where + words("Cột không nhận: ", "Columns not taken: ") + "; ".join(left) + "."
    if trial.tables:
        yield words(
            'Cột nhận sai thì ghi --columns "Tiêu đề=trường"; đúng rồi thì nhập thật, thêm --save-source TÊN để lưu.',
            'Mend a column by --columns "Heading=field"; to keep this, leave out --dry-run and add --save-source NAME.',
        )


def _problems(title: str, groups: dict[str, Group]) -> Iterator[str]:
    for group in sorted(groups.values(), key=lambda group: -group.count):
        first: Example = group.examples[0]
        yield ""
        yield f"{title} ({number(group.count)}): {first.problem.sentence(language())}"
        if first.advice:
            yield f"  {words('Đề nghị', 'Suggestion')}: {first.advice.sentence(language())}"
        for example in group.examples:
            yield f"  – {example.place}: {example.identifier}"


def _repairs(trial: Trial) -> Iterator[str]:
    for rule, group in sorted(trial.repairs.items(), key=lambda pair: -pair[1].count):
        tag, before, after = group.examples[0]
        said = words(*RULES.get(rule.partition("@")[0], (rule, rule)))
        yield ""
        yield f"{words('Sửa', 'Mended')} ({number(group.count)}): {said} [{rule}]"
        yield f"  {tag} {_shown(before)} → {_shown(after)}"


def _shown(content: str) -> str:
    """A field's content with $ before each subfield; what cannot be seen is written as its number."""
    text = content.replace("\x1f", "$")[:120]
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _record(shown: Shown) -> Iterator[str]:
    it = shown.description
    yield ""
    yield f"  {isbd(it)}"
    details = [f"ISBN {isbn}" for isbn in it.isbns]
    details.append(words(f"{number(shown.copies)} bản", f"copies: {number(shown.copies)}"))
    yield f"  {' — '.join(details)}  [{shown.place}]"


def isbd(it: Description) -> str:
    """The areas of ISBD: title / responsibility. — edition. — place : publisher, year. — pages."""
    title = " : ".join(filter(None, (it.title, it.subtitle)))
    title = ". ".join(filter(None, (title, it.part)))
    by = it.responsibility or ", ".join(name for name, _ in it.people[:3])
    imprint = " : ".join(filter(None, (it.place, it.publisher)))
    imprint = ", ".join(filter(None, (imprint, str(it.year or ""))))
    pages = f"{it.pages} {words('tr.', 'p.')}" if it.pages else ""
    return ". — ".join(filter(None, (" / ".join(filter(None, (title, by))), it.edition, imprint, pages)))


def saved_lines(path: Path, text: str) -> Iterator[str]:
    """The file of the source that --save-source would write."""
    yield ""
    yield words(f"Sẽ lưu thành {path}:", f"Would be saved as {path}:")
    yield from (f"  {line}" for line in text.splitlines())


def as_json(trial: Trial) -> dict[str, Any]:
    """The same for programs."""
    return {
        "dry_run": True,
        "counts": dict(trial.counts),
        "compared": trial.compared,
        "copies": trial.copies,
        "encoding": {"name": trial.encoding, "evidence": trial.evidence},
        "columns": {column.heading: column.field for table in trial.tables for column in table.columns},
        "tables": [
            {"sheet": one.sheet, "guessed": one.guessed, "columns": [column._asdict() for column in one.columns]}
            for one in trial.tables
        ],
        "removed": dict(trial.removed),
        "problems": _groups(trial.problems),
        "remarks": _groups(trial.remarks),
        "repairs": {
            rule: {"count": group.count, "examples": [list(example) for example in group.examples]}
            for rule, group in trial.repairs.items()
        },
        "notes": [note.sentence(language()) for note in trial.notes],
        "records": [
            {"place": one.place, "isbd": isbd(one.description), "isbns": one.description.isbns, "copies": one.copies}
            for one in trial.shown
        ],
    }


def _groups(groups: dict[str, Group]) -> dict[str, Any]:
    return {code: {"count": group.count, "examples": list(_examples(group.examples))} for code, group in groups.items()}


def _examples(examples: Iterable[Example]) -> Iterator[dict[str, str]]:
    for one in examples:
        yield {
            "place": one.place,
            "identifier": one.identifier,
            "reason": one.problem.sentence(language()),
            "advice": one.advice.sentence(language()) if one.advice else "",
            "rule": one.advice.rule if one.advice else "",
        }
