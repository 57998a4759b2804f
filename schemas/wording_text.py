"""The sentences of text in doubt, of forms that cannot be kept, and of limits; part of :mod:`schemas.wording`."""

from __future__ import annotations

SENTENCES: dict[str, dict[str, str]] = {
    "text_in_doubt": {
        "vi": "Trường {tag} có vẻ bị lỗi phông ({name}): «{text}» đọc lại thành «{other}», nhưng các biểu ghi khác của"
        " nguồn không cho thấy như vậy. Nếu đúng, hãy nhận đề nghị; nếu chữ vốn như thế, hãy khai báo reading.encoding:"
        " utf-8.",
        "en": "Field {tag} looks damaged ({name}): “{text}” reads again as “{other}”, but the other records of the source"
        " do not say so. If that is right, accept the suggestion; if the text is meant so, set reading.encoding: utf-8.",
    },
    "converted_in_doubt": {
        "vi": "Trường {tag} là chữ Unicode đã bị chuyển mã nhầm từ TCVN3: «{text}». Những từ không thể có đã được sửa,"
        " nhưng các từ sau có thể là từ khác: {words}. Hãy đối chiếu với sách và sửa ở nguồn.",
        "en": "Field {tag} is Unicode text that was converted from TCVN3 by mistake: “{text}”. Impossible words were"
        " mended, but these may stand for others: {words}. Compare with the book and mend them at the source.",
    },
}
