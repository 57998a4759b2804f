"""The sentences of what can go wrong where the catalog gives its records back (see :mod:`schemas.problem`)."""

SENTENCES = {
    "encoding_not_for_format": {
        "vi": "Khổ mẫu này không ghi được bằng bảng mã «{name}». MARC 21 và MARCMaker có: {known}; các khổ mẫu khác"
        " chỉ có utf-8.",
        "en": "This format cannot be written in the encoding “{name}”. MARC 21 and MARCMaker can be had in: {known};"
        " the other formats in utf-8 only.",
    },
    "copy_none": {
        "vi": "Chưa có ISBN hay nhan đề nào. Hãy gõ vào ô, mỗi dòng một số, hoặc chọn một tệp.",
        "en": "There is no ISBN and no title. Type them, one a line, or choose a file.",
    },
    "copy_many": {
        "vi": "Danh sách có {count} dòng, mỗi lần nhận nhiều nhất {most}. Hãy chia thành nhiều phần.",
        "en": "The list has {count} lines; at most {most} are taken at a time. Cut it into parts.",
    },
    "copy_large": {
        "vi": "Tệp lớn hơn {limit} MB. Hãy chỉ giữ lại cột ISBN rồi chọn lại.",
        "en": "The file is larger than {limit} MB. Keep only the column of ISBNs and choose it again.",
    },
    "copy_unreadable": {
        "vi": "Không đọc được tệp «{name}». Hãy lưu thành xlsx, csv hoặc txt rồi chọn lại.",
        "en": "The file “{name}” cannot be read. Save it as xlsx, csv or txt and choose it again.",
    },
    "file_kind_unknown": {
        "vi": "Không có dạng tệp «{name}». Các dạng: {known}.",
        "en": "There is no kind of file “{name}”. The kinds are: {known}.",
    },
    "api_not_found": {
        "vi": "Không có mục này. Hãy xem lại địa chỉ; trang /api/v1/docs cho biết các địa chỉ.",
        "en": "There is no such thing here. Look at the address again; the page /api/v1/docs tells the addresses.",
    },
    "api_gone": {
        "vi": "Biểu ghi {uid} không còn trong mục lục.",
        "en": "The record {uid} is no longer in the catalog.",
    },
    "api_wrong": {
        "vi": "Tham số không đúng: {what}. Trang /api/v1/docs cho biết các tham số.",
        "en": "A parameter is not right: {what}. The page /api/v1/docs tells the parameters.",
    },
    "api_cursor": {
        "vi": "Dấu trang không phải do hệ thống này cấp, đã quá cũ hoặc thuộc danh sách khác. Hãy đi lại từ đầu.",
        "en": "The cursor is not ours, too old or of another list. Start the list again.",
    },
    "api_busy": {
        "vi": "Quá nhiều lượt hỏi: nhiều nhất {most} lượt mỗi phút. Hãy thử lại sau {seconds} giây, hoặc dùng khóa.",
        "en": "Too many requests: at most {most} a minute. Try again in {seconds} seconds, or use a key.",
    },
    "api_key": {
        "vi": "Khóa không đúng, đã hết hạn hoặc đã thu hồi. Hãy tạo khóa mới ở trang tài khoản.",
        "en": "The key is wrong, has expired or was revoked. Make another one on the account page.",
    },
    "api_deep": {
        "vi": "Tìm kiếm chỉ đi sâu {most} kết quả. Hãy thu hẹp câu hỏi, hoặc đi hết danh sách ở /api/v1/records.",
        "en": "Search goes {most} results deep. Narrow the question, or walk the whole list at /api/v1/records.",
    },
    "api_method": {
        "vi": "Địa chỉ này không nhận phương thức đó.",
        "en": "This address does not take that method.",
    },
}
