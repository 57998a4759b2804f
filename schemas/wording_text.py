"""The sentences of text in doubt, of forms that cannot be kept, and of limits; part of :mod:`schemas.wording`."""

from __future__ import annotations

SENTENCES: dict[str, dict[str, str]] = {
    "text_in_doubt": {
        "vi": "Trường {tag} có vẻ bị lỗi phông ({name}): «{text}» đọc lại thành «{other}», nhưng các biểu ghi khác của"
        " nguồn không cho thấy như vậy. Nếu đúng, hãy nhận đề nghị; nếu chữ vốn như thế, hãy khai báo reading.encoding:"
        " utf-8.",
        "en": "Field {tag} looks damaged ({name}): “{text}” reads again as “{other}”, but the other records of the"
        " source do not say so. If that is right, accept the suggestion; if the text is meant so, set"
        " reading.encoding: utf-8.",
    },
    "field_too_long": {
        "vi": "Trường {tag} dài {length} ký tự, quá {limit}: đó không còn là một trường của biểu ghi. Hãy xem lại biểu"
        " ghi này ở nguồn.",
        "en": "Field {tag} has {length} characters, more than {limit}: that is no field of a record. Look at this"
        " record at the source.",
    },
    "fields_too_many": {
        "vi": "Biểu ghi có {count} trường, quá {limit}. Hãy xem lại biểu ghi này ở nguồn.",
        "en": "The record has {count} fields, more than {limit}. Look at this record at the source.",
    },
    "marcxml_tag": {
        "vi": "Biểu ghi MARCXML có nhãn trường «{tag}»; nhãn phải có đúng ba chữ số hoặc chữ cái. Hãy sửa ở nguồn rồi"
        " xuất lại.",
        "en": "The MARCXML record has a field tag “{tag}”; a tag is three digits or letters. Mend it at the source and"
        " export again.",
    },
    "marcxml_code": {
        "vi": "Trường {tag} của biểu ghi MARCXML có phần không đọc được: {what} «{text}». Mỗi trường con cần mã một chữ"
        " (code). Hãy sửa ở nguồn rồi xuất lại.",
        "en": "Field {tag} of the MARCXML record has a part that cannot be read: {what} “{text}”. A subfield needs a"
        " code of one character. Mend it at the source and export again.",
    },
    "onix_several": {
        "vi": "Bản ghi ONIX chứa {count} sản phẩm (Product) chứ không phải một. Hãy nhập lại cả tệp.",
        "en": "The ONIX record holds {count} products and not one. Import the whole file again.",
    },
    "converted_in_doubt": {
        "vi": "Trường {tag} là chữ Unicode đã bị chuyển mã nhầm từ TCVN3: «{text}». Những từ không thể có đã được sửa,"
        " nhưng các từ sau có thể là từ khác: {words}. Hãy đối chiếu với sách và sửa ở nguồn.",
        "en": "Field {tag} is Unicode text that was converted from TCVN3 by mistake: “{text}”. Impossible words were"
        " mended, but these may stand for others: {words}. Compare with the book and mend them at the source.",
    },
    "iso18626_other": {
        "vi": "Tài liệu này không phải thông điệp ISO 18626 («{name}»). Hãy gửi một ISO18626Message.",
        "en": "The document is no ISO 18626 message (“{name}”). Send an ISO18626Message.",
    },
    "iso18626_element": {
        "vi": "Thông điệp ISO 18626 có phần tử mà lược đồ không có: {path}. Hãy bỏ phần tử đó.",
        "en": "The ISO 18626 message has an element that the schema does not have: {path}. Leave it out.",
    },
    "iso18626_missing": {
        "vi": "Thông điệp ISO 18626 thiếu phần tử {path}. Hãy thêm phần tử đó.",
        "en": "The ISO 18626 message lacks the element {path}. Add it.",
    },
    "iso18626_repeated": {
        "vi": "Thông điệp ISO 18626 lặp phần tử {path} quá số lần cho phép. Hãy bỏ phần tử thừa.",
        "en": "The ISO 18626 message has the element {path} too often. Leave the rest out.",
    },
    "iso18626_value": {
        "vi": "Trong thông điệp ISO 18626, {path} không thể là «{value}». Hãy ghi giá trị mà lược đồ cho phép.",
        "en": "In the ISO 18626 message {path} cannot be “{value}”. Write a value that the schema allows.",
    },
}
