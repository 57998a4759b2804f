"""The sentences of what can go wrong with boxes (see :mod:`schemas.problem`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "rotation_days": {
        "vi": "Từ {first} đến {last} không có ngày nào mở cửa để giao hộp. Hãy xem lại ngày và các kỳ nghỉ.",
        "en": "From {first} to {last} there is no open day to hand boxes over. Look at the days and the holidays.",
    },
    "rotation_day_wrong": {
        "vi": "«{value}» không phải là ngày. Hãy ghi như 2026-09-07; kỳ nghỉ thì mỗi dòng hai ngày.",
        "en": "“{value}” is no day. Write it like 2026-09-07; holidays as two days a line.",
    },
    "rotation_nothing": {
        "vi": "Chưa có hộp nào, hoặc chưa chọn thư viện nào nhận hộp.",
        "en": "There are no boxes yet, or no library was chosen to receive them.",
    },
    "box_code": {
        "vi": "«{code}» không dùng làm mã hộp được: chỉ gồm chữ không dấu, chữ số và gạch nối, dài nhất 20.",
        "en": "“{code}” cannot be the code of a box: letters A to Z, digits and hyphens only, at most 20.",
    },
    "box_known": {
        "vi": "Đã có hộp mang mã {code}. Hãy chọn mã khác.",
        "en": "There is a box with the code {code} already. Choose another one.",
    },
    "box_copy_away": {
        "vi": "Bản {accession} không ở nhà hoặc đang trong hộp khác ({box}), nên không xếp vào hộp này được.",
        "en": "The copy {accession} is not at home, or in another box ({box}), so it cannot go into this one.",
    },
    "box_away": {
        "vi": "Hộp {box} không ở {library} nên không bỏ sách ra được. Hãy làm việc này khi hộp về.",
        "en": "The box {box} is not at {library}, so no book can be taken out. Do it when the box is back.",
    },
    "box_unsigned": {
        "vi": "Biên bản cần tên người ký.",
        "en": "The minutes need the name of who signs.",
    },
    "box_moved": {
        "vi": "Hộp {box} đã được giao hoặc nhận rồi. Hãy xem lại trang của hộp.",
        "en": "The box {box} was handed over meanwhile. Look at its page again.",
    },
    "box_empty": {
        "vi": "Hộp {box} chưa có bản sách nào.",
        "en": "The box {box} holds no copies yet.",
    },
    "bundle_wrong": {
        "vi": "Tệp này không phải tệp mang về từ gói ngoại tuyến ({detail}). Hãy chọn tệp .json do trang trong gói"
        " lưu.",
        "en": "This is no file that an offline bundle saved ({detail}). Choose the .json file that its page made.",
    },
    "bundle_other": {
        "vi": "Tệp này của thư viện {code}, không phải của thư viện này.",
        "en": "This file is of the library {code}, not of this one.",
    },
}
