"""The sentences of the problems of the IT staff's desk: code → Vietnamese and English (see :mod:`schemas.wording`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "schedule_phrase": {
        "vi": "Không hiểu lịch «{phrase}». Hãy viết như: mỗi đêm lúc 2 giờ; thứ hai hằng tuần lúc 3:30; mỗi 6 giờ;"
        " ngày 1 hằng tháng; chạy thủ công.",
        "en": "The schedule “{phrase}” is not understood. Write it like: every night at 2; every Monday at 3:30; every"
        " 6 hours; on day 1 of every month; by hand.",
    },
    "schedule_uneven": {
        "vi": "«{phrase}»: {count} không chia hết {whole}, nên các lượt sẽ không cách đều. Hãy chọn số là ước của"
        " {whole}.",
        "en": "“{phrase}”: {count} does not part {whole} evenly, so the runs would not be evenly spaced. Choose a"
        " number that divides {whole}.",
    },
    "request_repeated": {
        "vi": "Nguồn «{source}» đã có việc như vậy đang chờ hoặc đang chạy. Không cần yêu cầu lần nữa.",
        "en": "The source “{source}” has such work waiting or under way. There is no need to ask again.",
    },
    "request_unknown": {
        "vi": "Không có yêu cầu số {number}.",
        "en": "There is no request {number}.",
    },
    "request_begun": {
        "vi": "Yêu cầu số {number} đã bắt đầu hoặc đã xong nên không rút lại được nữa.",
        "en": "Request {number} has begun or is done, and cannot be taken back any more.",
    },
    "request_abandoned": {
        "vi": "Yêu cầu đã bị ngắt {tries} lần giữa chừng nên không tự thử nữa. Hãy xem nhật ký, rồi yêu cầu lại.",
        "en": "The request was cut {tries} times on the way and is not tried again by itself. Look at the log, then ask"
        " anew.",
    },
    "window_wrong": {
        "vi": "Khoảng ngày {first} – {last} không hợp lệ. Ngày đầu phải không sau ngày cuối, và không ở tương lai.",
        "en": "The window {first} – {last} is not valid. Its first day must not come after its last, nor lie in the"
        " future.",
    },
    "window_impossible": {
        "vi": "Nguồn «{source}» ({connector}) không hỏi được theo khoảng ngày. Hãy thu hoạch lại toàn bộ.",
        "en": "The source “{source}” ({connector}) cannot be asked for a window of days. Harvest everything again.",
    },
    "run_unexpected": {
        "vi": "Chương trình gặp lỗi không lường trước ({detail}). Dữ liệu đã lưu vẫn nguyên vẹn; chi tiết ở phần kỹ"
        " thuật của nhật ký.",
        "en": "The program met something unforeseen ({detail}). What was stored is safe; the particulars are in the"
        " technical part of the log.",
    },
    "contact_nameless": {
        "vi": "Người liên hệ chưa có tên. Hãy ghi tên người hoặc tên bộ phận.",
        "en": "The contact has no name. Write the name of a person or a department.",
    },
    "contact_unreachable": {
        "vi": "Cần ít nhất một cách báo tin: thư điện tử hoặc webhook.",
        "en": "At least one way to tell is needed: e-mail or a webhook.",
    },
    "contact_email": {
        "vi": "«{email}» không phải địa chỉ thư điện tử. Hãy ghi dạng ten@thuvien.vn.",
        "en": "“{email}” is no e-mail address. Write it like name@library.example.",
    },
    "contact_digest": {
        "vi": "Không có kỳ bản tin «{digest}». Hãy chọn: không gửi, hằng ngày hoặc hằng tuần.",
        "en": "There is no digest “{digest}”. Choose none, daily or weekly.",
    },
    "contact_unknown": {
        "vi": "Không có người liên hệ số {number}. Có thể đã được xóa.",
        "en": "There is no contact {number}. Perhaps it was removed.",
    },
    "act_unknown": {
        "vi": "Không có việc «{act}». Hãy dùng các nút trên trang.",
        "en": "There is nothing called “{act}” to do. Use the buttons of the page.",
    },
    "reason_missing": {
        "vi": "Chưa có lý do. Hãy ghi ngắn gọn vì sao: người xem lại sau này cần biết.",
        "en": "There is no reason yet. Say briefly why: who looks at this later needs to know.",
    },
    "repair_not_possible": {
        "vi": "Biểu ghi {number} chưa sửa được theo đề nghị: có thể nguồn vừa gửi bản khác. Hãy xem lại.",
        "en": "Record {number} could not be mended as suggested: perhaps its source has just sent another version. Look"
        " again.",
    },
    "yaml_edit": {
        "vi": "Không sửa được khóa «{key}» mà vẫn giữ nguyên phần còn lại của tệp. Hãy sửa trực tiếp trong phần YAML.",
        "en": "The key “{key}” cannot be changed with the rest of the file left as it is. Change it in the YAML.",
    },
    "source_name_web": {
        "vi": "Tên nguồn «{name}» không dùng được. Tên chỉ gồm chữ cái không dấu, chữ số, dấu chấm, gạch nối và gạch"
        " dưới, dài nhất 40 ký tự, và không phải «moi».",
        "en": "The name of a source “{name}” cannot be used. It has only the letters A to Z, digits, dots, hyphens and"
        " underscores, at most 40, and is not “moi”.",
    },
    "source_taken": {
        "vi": "Trong kho đã có nguồn «{name}» của thư viện {library}. Hãy chọn tên khác.",
        "en": "The store has a source “{name}” of the library {library} already. Choose another name.",
    },
    "source_long": {
        "vi": "Tệp nguồn dài quá {limit} ký tự. Hãy rút gọn.",
        "en": "The source file is longer than {limit} characters. Make it shorter.",
    },
    "source_changed": {
        "vi": "Tệp của nguồn «{name}» vừa được người khác sửa nên chưa lưu gì. Hãy mở lại trang và sửa trên bản mới.",
        "en": "Somebody has just changed the file of the source “{name}”, so nothing was saved. Open the page again and"
        " edit the new version.",
    },
    "sources_unwritable": {
        "vi": "Không ghi được vào thư mục nguồn «{path}»: {detail}. Hãy báo người quản trị máy chủ cấp quyền ghi.",
        "en": "The folder of sources “{path}” cannot be written: {detail}. Ask whoever runs the server for the right to"
        " write there.",
    },
    "private_refused": {
        "vi": "«{host}» là địa chỉ nội bộ. Chỉ hỏi được khi người quản trị máy chủ thêm địa chỉ đó vào"
        " LIENTHONG_PRIVATE_HOSTS.",
        "en": "“{host}” is a private address. It can be asked only when whoever runs the server adds it to"
        " LIENTHONG_PRIVATE_HOSTS.",
    },
    "path_refused": {
        "vi": "Đường dẫn «{path}» ({key}) không được đặt từ trang này. Hãy tải tệp lên, hoặc nhờ người quản trị máy chủ"
        " ghi vào tệp YAML.",
        "en": "The path “{path}” ({key}) cannot be set from this page. Upload the file, or ask whoever runs the server"
        " to write it into the YAML file.",
    },
    "variable_refused": {
        "vi": "Biến «{name}» ({key}) là của chính hệ thống, không dùng làm mật khẩu của nguồn được. Hãy đặt biến khác.",
        "en": "The variable “{name}” ({key}) is the system's own and cannot be a source's password. Use another one.",
    },
    "draft_nothing": {
        "vi": "Hãy ghi địa chỉ máy chủ hoặc chọn một tệp.",
        "en": "Write the address of a server, or choose a file.",
    },
    "draft_no_records": {
        "vi": "Không lấy được biểu ghi nào để xem thử. Hãy kiểm tra địa chỉ, khổ mẫu và tập (set).",
        "en": "Not a single record came to be looked at. Check the address, the format and the set.",
    },
    "upload_over": {
        "vi": "Tệp lớn quá {limit} MB nên không nhận. Hãy chia nhỏ, hoặc đặt tệp trên máy chủ và khai báo bằng YAML.",
        "en": "The file is larger than {limit} MB and is not taken. Split it, or put it on the server and describe it"
        " in YAML.",
    },
    "draft_library": {
        "vi": "Hãy chọn một thư viện, hoặc ghi mã và tên của thư viện mới.",
        "en": "Choose a library, or write the code and the name of a new one.",
    },
    "library_there": {
        "vi": "Đã có thư viện mang mã {code}. Hãy chọn thư viện đó trong danh sách, hoặc dùng mã khác.",
        "en": "There is a library with the code {code} already. Choose it from the list, or use another code.",
    },
    "draft_trust": {
        "vi": "Độ tin cậy «{value}» không hợp lệ. Hãy ghi số từ 0 đến 100.",
        "en": "The trust “{value}” is not valid. Write a number from 0 to 100.",
    },
    "source_paused": {
        "vi": "Nguồn «{source}» đang tạm dừng (do {by}). Lịch không chạy nguồn này cho tới khi tiếp tục.",
        "en": "The source “{source}” is paused (by {by}). Its schedule does nothing until it is resumed.",
    },
}
