"""The tables MODS ↔ MARC 21: relators, kinds of resources, notes, schemes, relations.

MODS to MARC 21 and MARC 21 to MODS mappings of the Library of Congress
(https://www.loc.gov/standards/mods/mods2marc-mapping.html, https://www.loc.gov/standards/mods/mods-mapping.html).
"""

from __future__ import annotations

NAMESPACE = "http://www.loc.gov/mods/v3"
XLINK = "http://www.w3.org/1999/xlink"

# MARC relator code → our term, the English term of the list
RELATORS = {
    "abr": ("lược thuật", "abridger"), "adp": ("phóng tác", "adapter"), "aft": ("lời bạt", "author of afterword"),
    "ann": ("chú giải", "annotator"), "ant": ("nguyên tác", "bibliographic antecedent"),
    "arr": ("soạn nhạc", "arranger"),
    "art": ("minh họa", "artist"), "aui": ("lời tựa", "author of introduction"), "aut": ("tác giả", "author"),
    "cmp": ("nhạc", "composer"), "com": ("biên soạn", "compiler"), "cov": ("trình bày bìa", "cover designer"),
    "cre": ("", "creator"), "ctb": ("cộng tác", "contributor"), "ctg": ("bản đồ", "cartographer"),
    "cwt": ("chú giải", "commentator for written text"), "dgg": ("", "degree granting institution"),
    "drt": ("đạo diễn", "director"), "edt": ("biên soạn", "editor"), "fnd": ("tài trợ", "funder"),
    "his": ("", "host institution"), "ill": ("minh họa", "illustrator"), "isb": ("", "issuing body"),
    "ive": ("", "interviewee"), "ivr": ("phỏng vấn", "interviewer"), "lbt": ("lời", "librettist"),
    "nrt": ("đọc", "narrator"), "opn": ("phản biện", "opponent"), "org": ("", "originator"),
    "orm": ("tổ chức", "organizer"), "pbd": ("chủ nhiệm xuất bản", "publishing director"),
    "pbl": ("xuất bản", "publisher"), "pht": ("ảnh", "photographer"), "prf": ("biểu diễn", "performer"),
    "pro": ("sản xuất", "producer"), "prt": ("in", "printer"), "res": ("nghiên cứu", "researcher"),
    "rev": ("phê bình", "reviewer"), "spk": ("", "speaker"), "ths": ("hướng dẫn", "thesis advisor"),
    "trc": ("chép lại", "transcriber"), "trl": ("dịch", "translator"),
}  # fmt: skip
CODE_OF_ROLE = {english: code for code, (_, english) in RELATORS.items()}
CODE_OF_ROLE |= {"organiser": "orm", "originatator": "org", "sponsor": "fnd"}
CREATORS = frozenset({"aut", "cre", "creator", "author", "tác giả", "cmp"})

KINDS = {
    "text": "a", "notated music": "c", "cartographic": "e", "moving image": "g", "sound recording-nonmusical": "i",
    "sound recording": "i", "sound recording-musical": "j", "still image": "k", "software, multimedia": "m",
    "mixed material": "p", "three dimensional object": "r",
}  # fmt: skip
MANUSCRIPTS = {"a": "t", "c": "d", "e": "f"}
RESOURCES = {code: name for name, code in KINDS.items() if name != "sound recording"}
ISSUANCE = {"monographic": "m", "single unit": "m", "multipart monograph": "m", "continuing": "s", "serial": "s"}
ISSUANCE |= {"integrating resource": "i"}
FORMS = {"braille": "f", "electronic": "s", "microfiche": "b", "microfilm": "a", "print": "r", "large print": "d"}
AUDIENCES = {
    "preschool": "a", "primary": "b", "pre-adolescent": "c", "adolescent": "d", "adult": "e", "specialized": "f",
    "general": "g", "juvenile": "j",
}  # fmt: skip
PARTS = {  # language/@objectPart → subfield of 041
    "summary": "b", "summary or abstract": "b", "sung or spoken text": "d", "libretto": "e", "table of contents": "f",
    "accompanying material": "g", "original": "h", "translation": "h", "subtitle": "j",
}  # fmt: skip
PART_NAMES = {"b": "summary", "d": "sung or spoken text", "e": "libretto", "f": "table of contents"}
PART_NAMES |= {"g": "accompanying material", "h": "original", "j": "subtitle"}

NOTES = {
    "accrual method": "584", "acquisition": "541", "action": "583", "additional physical form": "530",
    "bibliographic history": "545", "bibliography": "504", "biographical/historical": "545",
    "citation/reference": "510", "creation/production credits": "508", "credits": "508",
    "date/sequential designation": "362", "exhibitions": "585", "funding": "536", "language": "546", "numbering": "515",
    "original location": "535", "original version": "534", "ownership": "561", "performers": "511",
    "preferred citation": "524", "publications": "581", "reproduction": "533", "restriction": "506",
    "source of description": "588", "system details": "538", "thesis": "502", "venue": "518",
    "version identification": "562",
}  # fmt: skip
NOTE_TYPES = {tag: kind for kind, tag in reversed(NOTES.items()) if kind not in ("bibliographic history", "credits")}
NOTE_INDICATORS = {"511": "0 ", "362": "0 ", "510": "4 ", "535": "1 "}
NOTE_CODES = {"518": "a", "533": "a", "534": "n"}

SUBJECT_SCHEMES = {"lcsh": "0", "lcshac": "1", "mesh": "2", "nal": "3", "csh": "5", "rvm": "6"}
SCHEME_OF = {indicator: name for name, indicator in SUBJECT_SCHEMES.items()}
CLASSES = {"ddc": ("082", "04"), "lcc": ("050", " 4"), "udc": ("080", "  "), "nlm": ("060", " 4")}
CLASS_NAMES = {tag: name for name, (tag, _) in CLASSES.items()}
PLACES = (  # hierarchicalGeographic → subfield of 662
    ("country", "a"), ("state", "b"), ("province", "b"), ("county", "c"), ("city", "d"), ("citySection", "f"),
    ("region", "g"), ("area", "g"), ("island", "g"), ("territory", "g"), ("continent", "g"),
    ("extraTerrestrialArea", "h"), ("extraterrestrialArea", "h"),
)  # fmt: skip

RELATED = {
    "preceding": ("780", "00"), "succeeding": ("785", "00"), "host": ("773", "0 "), "constituent": ("774", "0 "),
    "otherVersion": ("775", "0 "), "otherFormat": ("776", "0 "), "original": ("786", "0 "),
    "isReferencedBy": ("510", "0 "), "references": ("787", "0 "), "reviewOf": ("787", "0 "), "": ("787", "0 "),
}  # fmt: skip
RELATED_NAMES = {"780": "preceding", "785": "succeeding", "773": "host", "774": "constituent", "775": "otherVersion"}
RELATED_NAMES |= {"776": "otherFormat", "786": "original", "787": ""}

IDENTIFIERS = {  # type → tag, indicators, subfield, $2
    "lccn": ("010", "  ", "a", ""), "isrc": ("024", "0 ", "a", ""), "upc": ("024", "1 ", "a", ""),
    "ismn": ("024", "2 ", "a", ""), "ean": ("024", "3 ", "a", ""), "sici": ("024", "4 ", "a", ""),
    "local": ("024", "8 ", "a", ""), "": ("024", "8 ", "a", ""), "issue number": ("028", "00", "a", ""),
    "matrix number": ("028", "10", "a", ""), "music plate": ("028", "20", "a", ""),
    "music publisher": ("028", "30", "a", ""), "videorecording identifier": ("028", "40", "a", ""),
    "stock number": ("037", "  ", "a", ""), "strn": ("027", "  ", "a", ""), "fingerprint": ("026", "  ", "e", ""),
}  # fmt: skip
NUMBERS = {"0": "isrc", "1": "upc", "2": "ismn", "3": "ean", "4": "sici", "8": "local"}
PLATES = {"0": "issue number", "1": "matrix number", "2": "music plate", "3": "music publisher"}
PLATES |= {"4": "videorecording identifier"}
