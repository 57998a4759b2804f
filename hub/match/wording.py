"""The words of matching: verdicts, reasons, vetoes, outcomes and keys, each in Vietnamese and in English.

The names are those of ``harvest_config/matching.yaml`` and ``docs/matching.md``; a test asks for every one of them.
"""

from __future__ import annotations

Words = dict[str, str]  # "vi", "en"


def _words(vi: str, en: str) -> Words:
    return {"vi": vi, "en": en}


STATUSES = {
    "SAME": _words("cùng một ấn phẩm", "the same publication"),
    "FITS": _words("vừa với ấn phẩm này, nhưng quá sơ lược để chắc", "fits this publication, but says too little"),
    "ASK": _words("có thể là một, để người quyết định", "may be the same: a person decides"),
    "DIFFERENT": _words("khác nhau", "different"),
}
REASONS = {
    "": _words("theo tổng điểm", "by the sum of weights"),
    "veto": _words("có phủ quyết", "there is a veto"),
    "brief": _words("quá sơ lược: không có gì cho biết lần xuất bản", "too brief: nothing tells the edition"),
    "generic": _words("nhan đề quá chung", "the title says too little"),
}
FIELDS = {
    "title": _words("nhan đề", "title"),
    "author": _words("tác giả", "author"),
    "subtitle": _words("phụ đề", "subtitle"),
    "number": _words("số tập, lớp", "volume, grade"),
    "part": _words("tên phần", "part"),
    "whole": _words("trọn bộ", "whole set"),
    "comic": _words("truyện tranh", "comic"),
    "parallel": _words("nhan đề song song", "parallel title"),
    "identifier": _words("số kiểm soát", "control number"),
    "isbn": _words("ISBN", "ISBN"),
    "publisher": _words("nhà xuất bản", "publisher"),
    "year": _words("năm", "year"),
    "pages": _words("số trang", "pages"),
    "edition": _words("lần xuất bản", "edition"),
}
_MISSING = _words("một bên hoặc cả hai không nêu", "one side or both do not say")
_EQUAL = _words("khớp", "equal")
_DIFFERENT = _words("khác", "different")
OUTCOMES: dict[str, dict[str, Words]] = {  # field → what happened
    "title": {
        "equal": _words("giống cả dấu", "equal, marks included"),
        "unmarked": _words("giống khi bỏ dấu, một bên không dấu", "equal without marks; one side has none"),
        "rearranged": _words(
            "cùng các từ, chia khác giữa nhan đề, phụ đề và phần",
            "the same words, parted otherwise into title, subtitle and part",
        ),
        "half_marked": _words("một bên thiếu một số dấu", "one side lacks some of the marks"),
        "contained": _words("nhan đề này mở đầu nhan đề kia", "one title begins with the other"),
        "close": _words("chỉ lệch vài chữ", "a few letters differ"),
        "within": _words("nhan đề này kết thúc nhan đề kia", "one title ends with the other"),
        "near": _words("gần giống", "much alike"),
        "marks_differ": _words("cùng chữ, khác dấu", "the same letters with other marks"),
        "different": _DIFFERENT,
    },
    "author": {
        "equal": _words("giống", "equal"),
        "shared": _words("trùng một người", "one person in common"),
        "unmarked": _words("giống khi bỏ dấu, một bên không dấu", "equal without marks; one side has none"),
        "partial": _words(
            "trùng một người, viết tắt hay thiếu tên đệm", "one person in common, abbreviated or with fewer names"
        ),
        "sounds": _words("đọc lên gần giống", "sounds alike"),
        "role": _words("trùng một người, ở vai trò khác", "one person in common, in another role"),
        "missing": _MISSING,
        "different": _DIFFERENT,
    },
    "subtitle": {
        "equal": _words("giống nhau", "equal"),
        "close": _words("chỉ sai vài chữ", "slips of the pen only"),
        "contained": _words("bên này chứa bên kia", "one holds the other"),
        "missing": _MISSING,
        "different": _DIFFERENT,
    },
    "number": {"equal": _words("cùng nêu một số", "both name the same"), "missing": _words("không nêu", "not named")},
    "part": {
        "equal": _words("giống hoặc chứa nhau", "equal, or one holds the other"),
        "close": _words("chỉ sai vài chữ", "slips of the pen only"),
        "missing": _MISSING,
        "one_sided": _words("chỉ một bên là một phần", "only one side is a part"),
    },
    "whole": {
        "missing": _words("không bên nào, hoặc cả hai, tả trọn bộ", "neither side, or both, describe a whole set"),
        "one_sided": _words("chỉ một bên tả trọn bộ", "only one side describes a whole set"),
    },
    "comic": {
        "missing": _words("không có gì đáng kể", "nothing to be told"),
        "one_sided": _words("chỉ một bên nói là truyện tranh", "only one side says that it is a comic"),
    },
    "parallel": {
        "missing": _words("cùng có hoặc cùng không", "both have one, or neither"),
        "one_sided": _words("chỉ một bên có", "only one side has one"),
    },
    "identifier": {
        "shared": _words("chung một số", "one in common"),
        "missing": _words("không chung số", "none shared"),
    },
    "isbn": {"shared": _words("chung một số", "one in common"), "missing": _MISSING, "different": _DIFFERENT},
    "publisher": {
        "equal": _EQUAL,
        "close": _words("trùng một phần tên", "part of the name in common"),
        "missing": _MISSING,
        "different": _DIFFERENT,
    },
    "year": {
        "equal": _EQUAL,
        "near": _words("lệch một năm", "one year apart"),
        "reprint": _words("năm khác mà số trang khớp: in lại", "another year with the same pages: a reprint"),
        "alone": _words("khác, không rõ số trang", "different, and nobody knows the pages"),
        "missing": _MISSING,
        "different": _DIFFERENT,
    },
    "pages": {
        "equal": _EQUAL,
        "near": _words("lệch vài trang", "a few pages apart"),
        "close": _words("lệch không quá một phần mười hai", "apart by no more than a twelfth"),
        "missing": _MISSING,
        "different": _DIFFERENT,
    },
    "edition": {
        "equal": _words("cùng số lần", "the same number"),
        "reprint": _words("lần khác mà số trang khớp: in lại", "another number with the same pages: a reprint"),
        "missing": _MISSING,
        "different": _DIFFERENT,
    },
}
VETOES = {
    "form": _words("khác dạng", "another form"),
    "language": _words("khác ngôn ngữ của chính văn", "another language of the text"),
    "volume": _words("khác số tập, số lớp hay con số trong nhan đề", "another volume, grade or number in the title"),
    "part": _words("cùng có tên phần mà tên khác nhau", "both name a part, and the names differ"),
    "kind": _words(
        "khác loại sách giáo khoa: sách học sinh, bài tập, giáo viên",
        "another kind of textbook: pupil's, exercises, teacher's",
    ),
    "series": _words("khác bộ sách giáo khoa", "another series of textbooks"),
    "author": _words("khác tác giả", "another author"),
    "whole": _words("một bên tả trọn bộ, bên kia tả một tập", "one describes a whole set, the other a single volume"),
    "publisher": _words(
        "khác nhà xuất bản mà năm hoặc số trang không khớp", "another publisher, and year or pages do not agree"
    ),
    "extent": _words("khác số trang", "another number of pages"),
    "edition": _words("khác lần xuất bản, không phải in lại", "another edition, not a printing"),
    "translator": _words("khác người dịch", "another translator"),
    "adaptation": _words("một bên là truyện tranh", "one of them is a comic"),
    "bilingual": _words("một bên là bản song ngữ", "one of them is bilingual"),
    "revision": _words(
        "một bên có sửa chữa, bổ sung mà năm hoặc số trang không khớp",
        "one of them is revised, and years or pages do not agree",
    ),
    "marks": _words("cùng chữ nhưng khác dấu, cả hai đều có dấu", "the same letters with other marks on both"),
}
KEYS = {  # the first letter of hub.match.keys.texts
    "i": _words("ISBN", "ISBN"),
    "n": _words("số kiểm soát", "control number"),
    "s": _words("ISSN, tập và năm", "ISSN, volume and year"),
    "t": _words("cả nhan đề bỏ dấu, với số", "the whole title without marks, with its numbers"),
    "b": _words("các từ đầu của nhan đề, với số", "the first words of the title, with its numbers"),
    "c": _words("các phụ âm của nhan đề, với số", "the consonants of the title, with its numbers"),
    "f": _words(
        "chữ đầu của các từ và từ cuối của nhan đề", "the first letters of the title's words and the last word"
    ),
    "g": _words("cả nhan đề bỏ dấu, với số trang", "the whole title without marks, with the pages"),
    "a": _words("tên tác giả bỏ dấu, số trang", "the author's name without marks, the pages"),
    "p": _words("tên tác giả bỏ dấu, nhà xuất bản và năm", "the author's name without marks, publisher and year"),
    "w": _words(
        "tác giả, từ dài nhất và chữ đầu của nhan đề", "the author, the longest word of the title and its first letter"
    ),
    "o": _words("nhan đề ở chữ gốc", "the title in its original script"),
}
APART = {  # why two clusters are not one though something links them
    "decision": _words("một người đã quyết định là khác", "a person decided that they are different"),
    "ask": _words("chờ người quyết định", "a person is to decide"),
    "veto": _words(
        "trong hai cụm có biểu ghi bị phủ quyết với nhau", "a veto stands between records of the two clusters"
    ),
    "several": _words("vừa với nhiều ấn phẩm nên chờ", "several publications fit, so it waits"),
    "size": _words("cụm sẽ quá lớn", "the cluster would be too large"),
    "waiting": _words("chưa gộp: hãy chạy lienthong union", "not united yet: run lienthong union"),
    "different": _words("luật cho là khác nhau", "the rules call them different"),
    "never_compared": _words(
        "không có chung khóa nên chưa từng được so", "they share no key, so they were never compared"
    ),
}
CONTRADICTIONS = {  # between a person's decision and something else
    "veto": _words(
        "người quyết định là cùng, nay có phủ quyết", "a person decided that they are the same; now there is a veto"
    ),
    "rules_different": _words(
        "người quyết định là cùng, luật cho là khác", "a person decided that they are the same; the rules say different"
    ),
    "rules_same": _words(
        "người quyết định là khác, luật cho là cùng", "a person decided that they are different; the rules say the same"
    ),
    "decisions": _words(
        "người quyết định là khác, nhưng các quyết định khác nối chúng",
        "a person decided that they are different, but other decisions join them",
    ),
}
VALUES = {  # codes that the sides of a veto show
    "text": _words("sách in", "print"),
    "braille": _words("chữ nổi", "braille"),
    "large_print": _words("chữ lớn", "large print"),
    "electronic": _words("bản điện tử", "electronic"),
    "sound": _words("bản âm thanh", "sound recording"),
    "video": _words("phim", "video"),
    "music": _words("bản nhạc", "printed music"),
    "map": _words("bản đồ", "map"),
    "image": _words("hình ảnh", "picture"),
    "serial": _words("báo, tạp chí", "newspaper or journal"),
    "object": _words("đồ vật", "object"),
    "mixed": _words("tài liệu hỗn hợp", "mixed materials"),
    "teacher": _words("sách giáo viên", "teacher's book"),
    "workbook": _words("vở bài tập", "workbook"),
    "exercises": _words("sách bài tập", "book of exercises"),
    "comic": _words("truyện tranh", "comic"),
    "bilingual": _words("song ngữ", "bilingual"),
    "revised": _words("có sửa chữa, bổ sung", "revised"),
    "several": _words("nhiều tập", "several volumes"),
}


def words(table: dict[str, Words], name: str) -> Words:
    """The words of a name, or the name itself where nobody has given it words."""
    return table.get(name) or {"vi": name, "en": name}


def value(text: str, language: str) -> str:
    """What a side says, codes by their names; «–» where it says nothing."""
    return VALUES[text][language] if text in VALUES else text or "–"
