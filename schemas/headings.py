"""The headings of library tables, as Vietnamese and English libraries write them, and where they stand.

A heading is recognized in any case, in NFC or NFD, with or without marks, with what stands in brackets left out. Where
two words differ only by their marks (kho is a store, khổ is a size), the marks decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from schemas.mending import mend_mojibake, reread

HEADER_ROWS = 20

FIELDS: dict[str, str] = {
    "title": "nhan đề|tên sách|tên tài liệu|tên ấn phẩm|nhan đề chính|tên nhan đề|tên đầu sách|đầu sách|tựa sách|"
    "tựa đề|tiêu đề|tên truyện|tên tác phẩm|tác phẩm|tên báo tạp chí|tên tạp chí|tên giáo trình|tên thiết bị sách|"
    "title|book title|main title|title proper|tên sách tài liệu",
    "author_title": "tên tác giả và tên sách|tác giả và tên sách|tác giả tên sách|tên sách và tác giả|"
    "tên sách tác giả|"
    "tên tác giả tên sách|tên tác giả tên tài liệu|tác giả và nhan đề|tên tác giả và nhan đề|author and title|"
    "tên sách và tên tác giả|title and author",
    "subtitle": "phụ đề|nhan đề phụ|thông tin bổ sung nhan đề|phần còn lại của nhan đề|subtitle|"
    "other title information",
    "parallel": "nhan đề song song|tên song song|parallel title",
    "original": "nhan đề gốc|tên gốc|nguyên tác|tên nguyên bản|original title",
    "author": "tác giả|tên tác giả|họ tên tác giả|tác giả chính|tác giả cá nhân|author|authors|author s|creator|"
    "main author|tác giả đồng tác giả",
    "responsibility": "thông tin trách nhiệm|minh xác trách nhiệm|trách nhiệm|statement of responsibility",
    "contributor": "đồng tác giả|tác giả phụ|tác giả bổ sung|người đóng góp|contributor|contributors|co author|"
    "additional authors",
    "corporate": "tác giả tập thể|cơ quan ban hành|cơ quan|corporate author",
    "translator": "người dịch|dịch giả|dịch|biên dịch|người biên dịch|translator|translated by",
    "illustrator": "minh họa|người minh họa|họa sĩ|họa sỹ|tranh|người vẽ|vẽ minh họa|illustrator|illustrated by",
    "editor": "chủ biên|biên soạn|người biên soạn|biên tập|tổng chủ biên|editor|compiler",
    "publisher": "nhà xuất bản|nxb|nhà xb|tên nhà xuất bản|đơn vị xuất bản|publisher|manufacturer|nhà phát hành",
    "place": "nơi xuất bản|nơi xb|nơi in|place|place of publication",
    "imprint": "xuất bản|thông tin xuất bản|địa chỉ xuất bản|nơi nhà năm xuất bản|nhà xuất bản năm xuất bản|"
    "nxb năm xb|imprint|publication",
    "year": "năm xuất bản|năm xb|năm in|năm|year|publication year|year of publication|date|publication date|"
    "year published|"
    "ngày xuất bản|nxb năm|năm phát hành",
    "isbn": "isbn|chỉ số isbn|mã isbn|số isbn|isbn 13|isbn13|isbn 10|mã số isbn|chỉ số sách quốc tế",
    "issn": "issn|chỉ số issn|mã issn",
    "pages": "số trang|trang|tổng số trang|pages|page|no of pages|number of pages|extent|mô tả vật lý|mô tả vật lí",
    "volume": "tập|số tập|tập số|quyển|tập quyển|phần|volume|vol|part number",
    "edition": "lần xuất bản|lần xb|lần in|lần tái bản|tái bản|edition",
    "language": "ngôn ngữ|ngữ|thứ tiếng|mã ngôn ngữ|ngôn ngữ văn bản|language|lang",
    "original_language": "ngôn ngữ gốc|nguyên ngữ|dịch từ|original language",
    "copies": "số lượng|sl|số bản|số cuốn|số quyển|số lượng bản|tổng số bản|tổng số|bản|số lượng sách|copies|"
    "quantity|"
    "no of copies|qty|number of copies|owned copies",
    "accession": "số đkcb|mã đkcb|đkcb|số đăng ký cá biệt|số đăng kí cá biệt|đăng ký cá biệt|đăng kí cá biệt|"
    "số cá biệt|mã cá biệt|mã vạch|mã xếp giá|barcode|accession|accession number|accession no|số đăng ký|số đăng kí|"
    "mã đăng ký cá biệt|mã đăng kí cá biệt|item barcode",
    "call_number": "ký hiệu xếp giá|kí hiệu xếp giá|ký hiệu kho|số gọi|call number|call no|shelfmark|ký hiệu sách|"
    "ký hiệu tác giả tên sách|sudoc",
    "location": "kho|kho sách|tên kho|vị trí|vị trí tài liệu|vị trí xếp giá|nơi lưu trữ|nơi để|tủ|kệ|giá sách|"
    "điểm lưu|"
    "phòng|location|collection|shelf|library|branch",
    "price": "giá|giá tiền|đơn giá|giá bìa|giá sách tiền|thành giá|price|original price|current price|list price|cost",
    "class": "môn loại|phân loại|ký hiệu phân loại|kí hiệu phân loại|chỉ số phân loại|cspl|kí hiệu môn loại|"
    "ký hiệu môn loại|ddc|số phân loại|mã phân loại|class|class number|classification|dewey|dewey decimal|udc",
    "subject": "chủ đề|đề mục chủ đề|tiêu đề chủ đề|chủ đề tài liệu|subject|subjects|thể loại|lĩnh vực|môn học|"
    "bộ môn|"
    "category|catagory|genre|danh mục|loại sách|topic",
    "keyword": "từ khóa|từ khoá|keyword|keywords|tags",
    "audience": "lứa tuổi|độ tuổi|đối tượng|đối tượng bạn đọc|đối tượng sử dụng|bạn đọc|lớp|khối|khối lớp|khối học|"
    "dành cho|audience|age|ages|age range|grade|reading level",
    "size": "khổ|khổ sách|khổ cỡ|cỡ|kích thước|khuôn khổ|size|dimensions|kho co|kho sach co",
    "series": "tùng thư|bộ sách|tủ sách|tên bộ sách|tùng thư bộ sách|series",
    "summary": "tóm tắt|tóm tắt nội dung|nội dung|nội dung tóm tắt|giới thiệu|mô tả|summary|abstract|description",
    "note": "ghi chú|phụ chú|chú thích|note|notes|remarks",
    "id": "id|mã|mã biểu ghi|mã tài liệu|mã sách|mã ấn phẩm|mã số|mã đầu sách|số biểu ghi|identifier|record id|"
    "record number|bib id|biblionumber|cgp|control number|mfn|book id",
    "type": "loại tài liệu|loại hình tài liệu|dạng tài liệu|loại hình|document type|type|item type|format|"
    "material type",
    "url": "url|liên kết|đường dẫn|địa chỉ truy cập|link|website|cover link",
    "number": "stt|tt|số tt|số thứ tự|thứ tự|no|số|index",
    "ledger": "ngày nhập|ngày vào sổ|ngày vào sổ đăng ký|ngày đăng ký|số chứng từ|số vào sổ tổng quát|thành tiền|"
    "nguồn nhập|nguồn|nguồn bổ sung|tình trạng|trạng thái|kiểm kê|ngày xuất|số biên bản|"
    "ngày và số biên bản xuất|năm nhập|date added|status|"
    "n review|avg rating",
}

TAGS = {
    "001": "id", "020": "isbn", "022": "issn", "041": "language", "082": "class", "084": "class", "090": "call_number",
    "100": "author", "110": "corporate", "245": "title", "250": "edition", "260": "imprint", "264": "imprint",
    "300": "pages", "490": "series", "500": "note", "520": "summary", "521": "audience", "650": "subject",
    "653": "keyword", "700": "contributor", "852": "location", "856": "url",
    "020c": "price", "245b": "subtitle", "245c": "responsibility", "245n": "volume", "260a": "place",
    "260b": "publisher", "260c": "year", "264a": "place", "264b": "publisher", "264c": "year", "300c": "size",
    "852b": "location", "852h": "call_number", "852j": "accession", "852p": "accession", "041h": "original_language",
}  # fmt: skip

READER = (
    "họ tên|họ và tên|họ tên học sinh|họ và tên học sinh|tên học sinh|học sinh|tên bạn đọc|họ tên bạn đọc|"
    "họ và tên bạn đọc|người mượn|tên người mượn|họ tên người mượn|ngày sinh|ngày tháng năm sinh|ngày mượn|ngày trả|"
    "hạn trả|số thẻ|mã thẻ|số thẻ bạn đọc|mã bạn đọc|mã độc giả|độc giả|tên độc giả|mã học sinh|mã số học sinh|mssv|"
    "mã sinh viên|cccd|cmnd|số cccd|số cmnd|căn cước|số căn cước|số định danh|phụ huynh|họ tên phụ huynh|full name|"
    "student name|reader name|borrower|borrower name|patron|patron name|date of birth|birth date|birthday|dob|"
    "student id|library card|card number|due date|member name"
)
PERSONAL = (
    "lớp|số điện thoại|điện thoại|sđt|đt|số đt|email|e mail|địa chỉ|giới tính|năm sinh|nơi ở|dân tộc|phone|address|"
    "gender|sex|class name"
)

STAFF = (
    "người nhập|người nhập liệu|người nhập tin|người nhập máy|người biên mục|cán bộ biên mục|cán bộ nhập|cán bộ xử lý|"
    "cán bộ xử lí|cán bộ thư viện|cán bộ phụ trách|người xử lý|người xử lí|người tạo|người tạo lập|người cập nhật|"
    "người sửa|người hiệu đính|người kiểm tra|người duyệt|người kiểm kê|người phụ trách|thủ thư|tên thủ thư|nhân viên|"
    "nhân viên nhập|nhân viên thư viện|người bàn giao|người tặng|cataloger|cataloguer|cataloged by|catalogued by|"
    "entered by|created by|updated by|modified by|staff|operator|librarian|donor|donor name"
)

_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_TAG = re.compile(r"(\d{3})\s*[$|‡_ ]?\s*([a-z0-9])?$")
_COLUMN = re.compile(r"[A-Z]{1,2}")


def words(text: str) -> str:
    """A heading in lower case NFC, its words joined by one space."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower()))


def unmarked(text: str) -> str:
    """Without marks, đ as d."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c))


@cache
def _vocabulary() -> tuple[dict[str, str], dict[str, str]]:
    marked = {words(name): field for field, names in FIELDS.items() for name in names.split("|")}
    plain: dict[str, str] = {}
    for name, field in marked.items():
        plain.setdefault(unmarked(name), field)
    return marked, plain | {"kho": "location", "gia": "price"}


@cache
def _names(listed: str) -> frozenset[str]:
    return frozenset(form for name in listed.split("|") for form in (words(name), unmarked(words(name))))


@lru_cache(maxsize=4096)
def _field_of(heading: str) -> str:
    tag = _TAG.match(heading.strip().lower().removeprefix("marc "))
    if tag:
        return TAGS.get(tag[1] + (tag[2] or ""), TAGS.get(tag[1], "") if tag[2] in (None, "a") else "")
    marked, plain = _vocabulary()
    for text in (heading, _BRACKETS.sub(" ", heading)):
        key = words(text)
        if key in marked:
            return marked[key]
        if key.isascii() and key in plain:
            return plain[key]
        if (folded := unmarked(key)) in plain and folded not in ("kho", "gia", "tap", "ma", "so", "nam"):
            return plain[folded]
    return _damaged(heading)


def _damaged(heading: str) -> str:
    """The field of a heading that was read in a wrong encoding: «Tªn s¸ch», «Teân saùch», «TÃªn sÃ¡ch»."""
    if heading.isascii():
        return ""
    marked, _ = _vocabulary()
    readings = [mend_mojibake(heading) or "", reread(heading, "tcvn3"), reread(heading, "vni")]
    return next((marked[key] for text in readings if (key := words(text)) in marked), "")


def recognize(heading: str, columns: Mapping[str, str] | None = None) -> str:
    """The field a heading stands for: by ``columns`` (heading or column letter → field), else by itself; or ""."""
    return _recognized(heading, tuple((columns or {}).items()))


@lru_cache(maxsize=4096)
def _recognized(heading: str, columns: tuple[tuple[str, str], ...]) -> str:
    key = words(heading)
    for name, field in columns:
        if name == heading.strip() or (key and words(name) == key):
            return field
    return _field_of(heading)


def reader_headings(headings: Sequence[str]) -> list[str]:
    """The headings that speak of readers, not of books: one certain heading, or two that are only likely."""
    certain = [h for h in headings if words(h) in _names(READER)]
    likely = [h for h in headings if words(h) in _names(PERSONAL)]
    return certain + likely if certain or len(likely) > 1 else []


def is_staff(heading: str) -> bool:
    """Whether a column holds names of staff or of donors, which are not stored."""
    return words(heading) in _names(STAFF)


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a table, one a column, and the 0-based position of the first row of data.

    ``guessed`` says that the table has none and they were told from what stands in the columns.
    """

    headings: tuple[str, ...]
    data: int
    guessed: bool = False


def find_header(rows: Sequence[Sequence[str]], columns: Mapping[str, str]) -> Header | None:
    """The header in the first rows of a table: the row, or two rows together, with a title and most known headings.

    A column that ``columns`` names by its letter is called by it. Where that is the title's, a table without headings
    is taken from its first row.
    """
    best: Header | None = None
    most = 0
    for at, row in enumerate(rows[:HEADER_ROWS]):
        options = [Header(_unique(row), at + 1)]
        if at + 1 < len(rows):
            options.append(Header(_unique(_joined(row, rows[at + 1])), at + 2))
        for option in options:
            fields = [recognize(heading, columns) for heading in option.headings]
            known = len({field for field in fields if field})
            named = lettered(option, columns)
            if known < 2 and "title" not in fields and "author_title" not in fields:
                continue
            titles = {"title", "author_title"} & {recognize(heading, columns) for heading in named.headings}
            if known > most and titles:
                best, most = named, known
    if best is None and any(_COLUMN.fullmatch(name) and field == "title" for name, field in columns.items()):
        width = max(map(len, rows), default=0)
        return Header(tuple(letter(i) for i in range(width)), 0)
    return best


def lettered(header: Header, columns: Mapping[str, str]) -> Header:
    """The header with those columns called by their letters that the source names so."""
    letters = {name for name in columns if _COLUMN.fullmatch(name)}
    if not letters:
        return header
    called = [letter(at) if letter(at) in letters else heading for at, heading in enumerate(header.headings)]
    return replace(header, headings=tuple(called))


def letter(column: int) -> str:
    """The letters of a 0-based column: 0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _unique(row: Sequence[str]) -> tuple[str, ...]:
    """Headings on one line; a blank one is its column letter, a repeated one gets its number."""
    seen: dict[str, int] = {}
    names = []
    for column, cell in enumerate(row):
        name = " ".join(cell.split()) or letter(column)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """The headings of two header rows: «Xuất bản» over «Nơi» is «Nơi xuất bản»."""
    joined = []
    group = ""
    for column in range(max(len(above), len(below))):
        top = above[column].strip() if column < len(above) else ""
        sub = below[column].strip() if column < len(below) else ""
        group = top or (group if sub else "")
        joined.append(_join(top, group, sub))
    return joined


def _join(top: str, group: str, sub: str) -> str:
    if not sub or sub == top:
        return top
    for name in (f"{sub} {group}", f"{group} {sub}", sub):
        if _field_of(name):
            return name
    return f"{group} {sub}".strip()
