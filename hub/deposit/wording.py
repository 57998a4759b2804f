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
    "arriving_none": {"vi": "Hãy chọn tệp rồi gửi.", "en": "Choose a file, then send it."},
    "arriving_size": {
        "vi": "Tệp «{name}» phải có từ 1 byte đến {most} GiB.",
        "en": "The file “{name}” must have from 1 byte to {most} GiB.",
    },
    "arriving_largest": {
        "vi": "LIENTHONG_DEPOSIT_LARGEST_GIB phải là số GiB, ví dụ 100; đang là «{value}».",
        "en": "LIENTHONG_DEPOSIT_LARGEST_GIB must be a number of GiB, such as 100; it is “{value}”.",
    },
    "reading_rooms": {
        "vi": "LIENTHONG_READING_ROOMS phải là các mạng, ví dụ 10.20.0.0/16, cách nhau bằng dấu phẩy; đang là "
        "«{value}». Chưa phòng đọc nào được nhận.",
        "en": "LIENTHONG_READING_ROOMS must be networks such as 10.20.0.0/16, divided by commas; it is “{value}”. "
        "No reading room is known.",
    },
    "arriving_sum": {
        "vi": "«{sum}» không phải là mã SHA-256 (64 chữ số thập lục phân).",
        "en": "“{sum}” is no SHA-256 (64 hexadecimal digits).",
    },
    "arriving_many": {
        "vi": "Đang có {most} tệp gửi dở. Hãy gửi nốt hoặc bỏ bớt.",
        "en": "{most} files are unfinished. Finish them, or give some up.",
    },
    "arriving_disk": {
        "vi": "Máy chủ không còn đủ chỗ cho tệp «{name}». Hãy báo người quản trị rồi gửi lại.",
        "en": "The server has no room for the file “{name}”. Tell its administrator and send it again.",
    },
    "arriving_offset": {
        "vi": "Phần gửi bắt đầu ở byte {offset}, ở đây đã có {here} byte. Hãy gửi tiếp từ byte {here}.",
        "en": "What is sent begins at byte {offset}; {here} bytes are here. Go on from byte {here}.",
    },
    "arriving_longer": {
        "vi": "Tệp «{name}» dài hơn {size} byte đã báo. Hãy gửi lại từ đầu.",
        "en": "The file “{name}” is longer than the {size} bytes announced. Send it again.",
    },
    "arriving_piece": {
        "vi": "Một phần của tệp «{name}» bị sai trên đường truyền. Hãy gửi lại từ byte {offset}.",
        "en": "A piece of the file “{name}” was damaged on its way. Send it again from byte {offset}.",
    },
    "arriving_busy": {
        "vi": "Tệp «{name}» đang được gửi từ nơi khác. Hãy đợi rồi gửi tiếp.",
        "en": "The file “{name}” is being sent from elsewhere. Wait, then go on.",
    },
    "arriving_done": {
        "vi": "Tệp «{name}» đã gửi xong hoặc đã bỏ.",
        "en": "The file “{name}” has arrived or was given up already.",
    },
    "arriving_lost": {
        "vi": "Phần đã gửi của tệp «{name}» không còn trên máy chủ. Hãy gửi lại.",
        "en": "What had arrived of the file “{name}” is on the server no more. Send it again.",
    },
    "judged_elsewhere": {
        "vi": "Nội dung này đã được giữ cho một xuất bản phẩm khác. Hãy xem có gửi nhầm tệp không.",
        "en": "This content is kept for another publication already. See whether the right file was sent.",
    },
    "judged_virus": {
        "vi": "Tệp «{name}» có mã độc {virus}. Hãy diệt trên máy của mình rồi gửi lại.",
        "en": "The file “{name}” has the virus {virus}. Clean it where it was made and send it again.",
    },
    "judged_stopped": {
        "vi": "Không xem xong tệp này trong {seconds} giây hay trong bộ nhớ cho phép. "
        "Hãy xuất lại tệp cho gọn, hoặc báo cán bộ lưu chiểu.",
        "en": "This file could not be looked at within {seconds} seconds and the memory allowed. "
        "Export it again, smaller, or tell the deposit clerk.",
    },
    "judged_undeclared": {
        "vi": "Chưa có tờ khai nào của đơn vị này cho tệp (ISBN trong tệp: {isbn}). Hãy khai trước rồi gửi lại.",
        "en": "No declaration of this publisher is for the file (ISBN in it: {isbn}). "
        "Declare it first, then send it again.",
    },
    "judged_isbn": {
        "vi": "ISBN trong tệp ({found}) khác ISBN đã khai ({declared}). Hãy xem lại tờ khai hay tệp.",
        "en": "The ISBN in the file ({found}) is not the one declared ({declared}). Look at both again.",
    },
    "judged_title": {
        "vi": "Nhan đề trong tệp («{found}») khác tờ khai («{declared}»).",
        "en": "The title in the file (“{found}”) is not the one declared (“{declared}”).",
    },
    "judged_union": {
        "vi": "Trong mục lục liên hợp, ISBN {isbn} là của «{title}».",
        "en": "In the union catalog the ISBN {isbn} is of “{title}”.",
    },
    "judged_version": {
        "vi": "Đây là bản thứ {version} của xuất bản phẩm này ở định dạng này; các bản trước vẫn giữ.",
        "en": "This is version {version} of this publication in this format; the ones before it stay.",
    },
    "clamd_away": {
        "vi": "Chưa quét được mã độc: {address} không trả lời ({detail}). Tệp vẫn đợi.",
        "en": "The virus scan waits: {address} does not answer ({detail}). The file stays.",
    },
    "deposit_terms": {
        "vi": "«{value}» không phải địa chỉ của giấy phép. Ví dụ https://creativecommons.org/licenses/by/4.0/.",
        "en": "“{value}” is no address of a licence, such as https://creativecommons.org/licenses/by/4.0/.",
    },
    "deposit_open": {
        "vi": "Không còn rào cản nào thì phải ghi địa chỉ của giấy phép mở.",
        "en": "Where no barrier stands, give the address of the open licence.",
    },
    "keep_gone": {
        "vi": "Tệp «{name}» không còn trong kho nào. Hãy báo người quản trị.",
        "en": "The file “{name}” is in no store any more. Tell the administrator.",
    },
    "package_empty": {
        "vi": "«{title}» chưa có tệp nào để gửi. Hãy gửi tệp vào trước.",
        "en": "“{title}” has no file to send. Bring its file first.",
    },
    "package_member": {
        "vi": "Tệp «{name}» trong gói không nhận được: {why}",
        "en": "The file “{name}” in the package is not taken: {why}",
    },
    "package_facts": {
        "vi": "Gói không có phần khai (facts.json) đọc được. Hãy làm lại gói bằng Liên thông.",
        "en": "The package has no declaration (facts.json) that can be read. Make it again with Lienthong.",
    },
    "parcel_forbidden": {
        "vi": "«{title}» ở mức Cấm, không gửi đi đâu.",
        "en": "“{title}” is on the level forbidden and is sent nowhere.",
    },
    "parcel_nowhere": {
        "vi": "Chưa biết gửi gói cho {library} ở đâu. Người quản trị ghi bằng: "
        "lienthong deposit partner {library} ĐỊA-CHỈ BIẾN.",
        "en": "Nobody knows where packages for {library} go. The administrator says it by: "
        "lienthong deposit partner {library} URL VARIABLE.",
    },
    "parcel_changed": {
        "vi": "Từ lúc lập gói đến nay nội dung đã đổi. Hãy lập gói mới rồi gửi.",
        "en": "The content has changed since the package was made. Make another one and send it.",
    },
    "offer_copies": {
        "vi": "Còn {left} bản, không thể lấy {copies}.",
        "en": "{left} copies are left; {copies} cannot be had.",
    },
    "offer_closed": {
        "vi": "Mục này đã đóng, hoặc là của chính thư viện mình.",
        "en": "This is closed, or it is your own.",
    },
    "offer_title": {"vi": "Hãy ghi nhan đề.", "en": "Give the title."},
    "share_done": {
        "vi": "Phần này đã nhận hoặc đã hủy.",
        "en": "This share was received or cancelled already.",
    },
    "share_list": {
        "vi": "Chưa chọn thư viện nào để phân bổ.",
        "en": "No library was chosen to share among.",
    },
    "deposit_why": {
        "vi": "Miễn một nghĩa vụ cần ghi lý do.",
        "en": "Waiving an obligation needs a reason.",
    },
}
