"""What can be typed into the search box, as examples with what they find."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

WAYS: list[tuple[str, Any]] = [
    ("dế mèn phiêu lưu ký", _("words with marks: they are found as they are written; hòa and hoà are one word")),
    ("de men phieu luu ky", _("words without marks: every way of marking them")),
    ("“truyện cổ tích”", _("words that stand together in this order")),
    ("9786042085366", _("the book of an ISBN, with or without hyphens, of 10 or 13 figures")),
    ("tác giả: Tô Hoài", _("what the author is called; also nhan đề, chủ đề, nhà xuất bản")),
    ("author: Tô Hoài title: Dế Mèn", _("the same in English: author, title, subject, publisher")),
    ("lịch sử năm:2010..2020", _("years of publication: 2015, 2010..2020, 2010.., ..1975")),
    ("truyện cổ tích -Andersen", _("with a minus: what must not be there")),
    ("issn: 1859-1234", _("a newspaper or journal by its ISSN")),
    ("toán ngôn ngữ: vie", _("a language by its code in MARC 21")),
]
