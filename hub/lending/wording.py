"""The sentences of what can go wrong with a loan (see :mod:`schemas.problem`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "loan_nothing": {
        "vi": "Biểu ghi này không còn trong mục lục. Hãy tìm lại rồi mượn.",
        "en": "This record is in the catalog no more. Search again, then ask.",
    },
    "loan_number": {
        "vi": "«{number}» không dùng làm số phiếu được. Số phiếu chỉ gồm chữ không dấu, chữ số và . / _ -, có ít nhất"
        " một chữ số, không phải số điện thoại; đừng ghi tên, lớp hay điện thoại của bạn đọc.",
        "en": "“{number}” cannot be the number of a request. It has letters A to Z, digits and . / _ - only, at least"
        " one digit, and is no telephone number; give no name, class or telephone of a reader.",
    },
    "loan_not_now": {
        "vi": "Phiếu mượn đã chuyển sang bước khác nên việc này không còn làm được. Hãy xem lại trang của phiếu.",
        "en": "The loan has gone on, so this cannot be done any more. Look at its page again.",
    },
    "loan_renewals": {
        "vi": "Phiếu này đã gia hạn {count} lần, bằng số lần thư viện cho mượn chấp nhận.",
        "en": "This loan was renewed {count} times, as often as the lending library allows.",
    },
    "loan_not_yours": {
        "vi": "Việc này thuộc về thư viện bên kia. Hãy đợi họ làm, hoặc gọi cho họ.",
        "en": "This is for the other library to do. Wait for it, or call it.",
    },
    "loan_date": {
        "vi": "«{value}» không phải là một ngày từ hôm nay đến một năm sau. Hãy ghi như 2026-12-31.",
        "en": "“{value}” is no day between today and a year from now. Write it like 2026-12-31.",
    },
    "loan_no_address": {
        "vi": "Thư viện {library} không còn địa chỉ nhận thông điệp ISO 18626. Hãy ghi lại địa chỉ bằng lệnh"
        " lienthong lending address.",
        "en": "The library {library} has no address for ISO 18626 messages any more. Give it by the command lienthong"
        " lending address.",
    },
    "policy_number": {
        "vi": "«{name}» phải là số nguyên từ 0 đến {most}.",
        "en": "“{name}” must be a whole number from 0 to {most}.",
    },
}
