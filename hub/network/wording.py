"""The sentences of what can go wrong with members of the network (see :mod:`schemas.problem`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "library_left": {
        "vi": "Thư viện {code} đã rời mạng lưới ngày {day} nên nguồn «{source}» không thu hoạch nữa. Điều phối viên có"
        " thể cho thư viện trở lại ở trang thành viên.",
        "en": "The library {code} left the network on {day}, so the source “{source}” is not harvested any more. A"
        " coordinator can let it come back on the page of members.",
    },
    "library_itself": {
        "vi": "Thư viện {code} đã rời mạng lưới, hoặc thư viện kế tục không hợp lệ. Hãy chọn lại.",
        "en": "The library {code} has left already, or its successor is not possible. Choose again.",
    },
    "library_owes": {
        "vi": "Chưa rời được: {away} bản của thư viện đang ở nơi khác, {here} bản của nơi khác đang ở đây. Hãy cho sách"
        " về nơi gốc trước.",
        "en": "It cannot leave yet: {away} of its copies are elsewhere, {here} copies of others are here. Let the books"
        " go home first.",
    },
    "library_taken": {
        "vi": "Mã {code} đã có hoặc không hợp lệ. Hãy chọn mã khác, ví dụ {free}.",
        "en": "The code {code} is taken or not valid. Choose another one, such as {free}.",
    },
    "application_wrong": {
        "vi": "Cần tên thư viện và địa chỉ thư điện tử đúng; có thể đơn này đã được trả lời.",
        "en": "The name of the library and a right e-mail address are needed; or it was answered already.",
    },
    "application_later": {
        "vi": "Từ mạng này đã có nhiều đơn. Hãy thử lại sau một giờ.",
        "en": "Many applications came from this network. Try again in an hour.",
    },
    "point_wrong": {
        "vi": "Điểm phục vụ cần có tên; một thư viện có nhiều nhất {most} điểm.",
        "en": "A service point needs a name; a library has {most} of them at most.",
    },
    "group_wrong": {
        "vi": "Cụm liên thông cần mã (chữ không dấu, chữ số, gạch nối) chưa dùng và tên.",
        "en": "A group needs a code that is not used yet (letters A to Z, digits, hyphens) and a name.",
    },
}
