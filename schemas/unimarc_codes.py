"""The tables UNIMARC → MARC 21: fields that move with their subfields, and codes.

UNIMARC Manual, Bibliographic Format (IFLA); UNIMARC to MARC 21 Conversion Specifications (Library of Congress,
https://www.loc.gov/marc/unimarctomarc21.html).
"""

from __future__ import annotations

# UNIMARC tag → MARC tag, indicators, subfields as pairs of letters (UNIMARC, MARC)
MOVED: dict[str, tuple[str, str, str]] = {
    "011": ("022", "  ", "aa yy zz fl"),
    "012": ("026", "  ", "ae 22"),
    "013": ("024", "2 ", "aa zz"),
    "020": ("015", "  ", "ba zz"),
    "021": ("017", "  ", "ba ab"),
    "035": ("035", "  ", "aa zz"),
    "071": ("028", "  ", "aa bb"),
    "205": ("250", "  ", "aa bb fb gb"),
    "206": ("255", "  ", "aa bb cc"),
    "207": ("362", "0 ", "aa zz"),
    "208": ("254", "  ", "aa"),
    "210": ("260", "  ", "aa cb dc ee gf hg"),
    "211": ("263", "  ", "aa"),
    "214": ("260", "  ", "aa cb dc"),
    "215": ("300", "  ", "aa cb dc ee"),
    "225": ("490", "0 ", "aa ea ha ia vv xx"),
    "320": ("504", "  ", "aa"),
    "321": ("510", "0 ", "aa bb cc xx"),
    "323": ("511", "0 ", "aa"),
    "326": ("310", "  ", "aa bb"),
    "327": ("505", "0 ", "aa"),
    "328": ("502", "  ", "aa bb cg dd ec"),
    "330": ("520", "  ", "aa"),
    "333": ("521", "  ", "aa"),
    "336": ("516", "  ", "aa"),
    "337": ("538", "  ", "aa"),
    "410": ("830", " 0", "ta vv xx"),
    "411": ("830", " 0", "ta vv xx"),
    "430": ("780", "00", "tt xx"),
    "440": ("785", "00", "tt xx"),
    "452": ("776", "0 ", "tt xx yz"),
    "454": ("765", "0 ", "tt xx"),
    "461": ("773", "0 ", "tt vg xx"),
    "463": ("773", "0 ", "tt vg xx"),
    "464": ("774", "0 ", "tt"),
    "500": ("240", "10", "aa hn ip ml nk qf"),
    "510": ("246", "31", "aa eb hn ip"),
    "512": ("246", "14", "aa eb hn ip"),
    "513": ("246", "15", "aa eb hn ip"),
    "514": ("246", "16", "aa eb hn ip"),
    "515": ("246", "17", "aa eb hn ip"),
    "516": ("246", "18", "aa eb hn ip"),
    "517": ("246", "3 ", "aa eb hn ip"),
    "518": ("246", "3 ", "aa"),
    "530": ("222", " 0", "aa bb"),
    "531": ("210", "0 ", "aa bb"),
    "532": ("246", "3 ", "aa"),
    "540": ("246", "3 ", "aa eb"),
    "541": ("246", "3 ", "aa eb"),
    "605": ("630", "04", "aa hn ip xx yz zy"),
    "606": ("650", " 4", "aa xx yz zy"),
    "607": ("651", " 4", "aa xx yz zy"),
    "608": ("655", " 4", "aa xx yz zy"),
    "610": ("653", "  ", "aa"),
    "675": ("080", "  ", "aa v2"),
    "676": ("082", "04", "aa v2"),
    "680": ("050", " 4", "aa bb"),
    "686": ("084", "  ", "aa bb 22"),
    "856": ("856", "4 ", "uu zz qq yy"),
    "852": ("852", "  ", "aa bb cc gh jh pp zz"),
    "930": ("852", "  ", "bb ah cc"),
    "995": ("852", "  ", "aa bb cc kh fp ez"),
}
NOTES = frozenset(
    "300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 318 322 324 325 332 334 345".split()  # noqa: SIM905
)

RELATORS = {
    "010": ("phóng tác", "adp"), "020": ("chú giải", "ann"), "040": ("minh họa", "art"), "070": ("tác giả", "aut"),
    "075": ("lời bạt", "aft"), "080": ("lời tựa", "aui"), "100": ("nguyên tác", "ant"), "205": ("", "ctb"),
    "210": ("chú giải", "cwt"), "212": ("chú giải", "cwt"), "220": ("biên soạn", "com"), "230": ("nhạc", "cmp"),
    "340": ("biên soạn", "edt"), "395": ("sáng lập", "fds"), "440": ("minh họa", "ill"), "550": ("đọc", "nrt"),
    "557": ("tổ chức", "orm"), "570": ("", "oth"), "595": ("nghiên cứu", "res"), "600": ("ảnh", "pht"),
    "650": ("xuất bản", "pbl"), "651": ("chủ nhiệm xuất bản", "pbd"), "710": ("", "red"), "727": ("hướng dẫn", "ths"),
    "730": ("dịch", "trl"),
}  # fmt: skip

DATES = {"a": "c", "b": "d", "c": "u", "d": "s", "e": "r", "f": "q", "g": "m", "h": "t", "i": "p", "j": "e", "u": "n"}
AUDIENCES = {"a": "j", "b": "a", "c": "b", "d": "c", "e": "d", "k": "e", "m": "g"}
HEADINGS = {  # of an authority record
    "200": "100", "210": "110", "215": "151", "220": "100", "230": "130", "250": "150", "260": "151", "280": "155",
}  # fmt: skip
KINDS = {"b": "t", "l": "m", "m": "o"}
