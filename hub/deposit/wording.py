"""The sentences of what can go wrong with deposits (see :mod:`schemas.problem`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "deposit_title": {
        "vi": "Tờ khai cần nhan đề và ngày phát hành.",
        "en": "The declaration needs a title and the day of release.",
    },
    "deposit_isbn": {
        "vi": "ISBN «{isbn}» sai số kiểm tra. Hãy xem lại trên sách; sách không có ISBN thì để trống.",
        "en": "The ISBN “{isbn}” has a wrong check digit. Look at the book again; leave it empty where there is none.",
    },
    "deposit_registration": {
        "vi": "«{number}» không đúng dạng số xác nhận đăng ký xuất bản, ví dụ 1328-2024/CXBIPH/3-98/ĐHKTQD.",
        "en": "“{number}” is no number of registration, such as 1328-2024/CXBIPH/3-98/ĐHKTQD.",
    },
    "deposit_number": {
        "vi": "«{value}» phải là số nguyên từ {least} đến {most}.",
        "en": "“{value}” must be a whole number from {least} to {most}.",
    },
    "deposit_choice": {
        "vi": "«{value}» không có trong danh sách. Hãy chọn lại.",
        "en": "“{value}” is not in the list. Choose again.",
    },
    "deposit_day": {
        "vi": "«{value}» không phải là ngày. Hãy ghi như 2026-12-31.",
        "en": "“{value}” is no day. Write it like 2026-12-31.",
    },
    "deposit_known": {
        "vi": "Xuất bản phẩm này đã khai ngày {day}. Hãy mở tờ khai cũ.",
        "en": "This publication was declared on {day}. Open that declaration.",
    },
    "deposit_done": {
        "vi": "Nghĩa vụ này đã nộp hoặc đã được miễn.",
        "en": "This obligation was met or waived already.",
    },
    "keep_two": {
        "vi": "LIENTHONG_DEPOSIT_STORES cần ít nhất hai kho khác nhau, cách nhau bằng dấu phẩy.",
        "en": "LIENTHONG_DEPOSIT_STORES needs at least two different stores, divided by commas.",
    },
    "keep_publication": {
        "vi": "Không có xuất bản phẩm số {number}. Hãy xem số ở trang lưu chiểu.",
        "en": "There is no publication {number}. See its number on the page of deposit.",
    },
    "keep_empty": {
        "vi": "Tệp «{name}» rỗng. Hãy gửi lại tệp.",
        "en": "The file “{name}” is empty. Send it again.",
    },
    "keep_differs": {
        "vi": "Tệp «{name}» không đúng như bên gửi khai: SHA-256 {found}, bên gửi ghi {said}. Hãy gửi lại tệp.",
        "en": "The file “{name}” is not what its sender says: SHA-256 {found}, said was {said}. Send it again.",
    },
    "deposit_why": {
        "vi": "Miễn một nghĩa vụ cần ghi lý do.",
        "en": "Waiving an obligation needs a reason.",
    },
}
