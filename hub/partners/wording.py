"""The sentences of what can go wrong on a library's own pages (see :mod:`schemas.problem`)."""

SENTENCES = {
    "upload_none": {
        "vi": "Chưa chọn tệp nào. Hãy chọn tệp rồi bấm lại.",
        "en": "No file was chosen. Choose one and press the button again.",
    },
    "upload_empty": {
        "vi": "Tệp «{name}» rỗng (0 byte). Hãy mở lại tệp trên máy, lưu rồi chọn lại.",
        "en": "The file “{name}” is empty (0 bytes). Open it on the computer, save it and choose it again.",
    },
    "upload_large": {
        "vi": "Tệp «{name}» lớn hơn {limit} MB. Hãy chia tệp thành nhiều phần, hoặc nhờ cán bộ công nghệ thông tin"
        " nhập giúp.",
        "en": "The file “{name}” is larger than {limit} MB. Cut it into parts, or ask the IT staff to import it.",
    },
    "upload_packed": {
        "vi": "Tệp «{name}» là tệp nén. Hãy giải nén trên máy rồi chọn tệp bên trong.",
        "en": "The file “{name}” is packed. Unpack it on the computer and choose the file inside.",
    },
    "upload_kind": {
        "vi": "Tệp «{name}» là {kind}, không phải danh mục sách. Nhận bảng tính (xlsx, xls, ods), bảng chữ (csv, tsv),"
        " MARC (mrc, xml, mrk, json), MODS, Dublin Core và ONIX.",
        "en": "The file “{name}” is {kind}, no list of books. Spreadsheets (xlsx, xls, ods), text tables (csv, tsv),"
        " MARC"
        " (mrc, xml, mrk, json), MODS, Dublin Core and ONIX are taken.",
    },
    "upload_lost": {
        "vi": "Tệp đã tải lên không còn trên máy chủ. Hãy tải lên lại.",
        "en": "The file is no longer on the server. Upload it again.",
    },
    "upload_state": {
        "vi": "Tệp này đã được xử lý rồi. Hãy xem tình trạng hiện tại bên dưới.",
        "en": "This file has been dealt with already. Its present state is shown below.",
    },
    "upload_no_title_column": {
        "vi": "Chưa có cột nào là nhan đề. Hãy chọn một cột làm «Nhan đề» (hoặc «Tác giả và nhan đề»).",
        "en": "No column is the title yet. Choose one as “Title” (or “Author and title”).",
    },
    "photo_unreadable": {
        "vi": "Không thấy mã vạch trong ảnh. Hãy chụp gần hơn, đủ sáng, mã vạch nằm ngang và rõ nét; hoặc gõ dãy số"
        " dưới mã"
        " vạch.",
        "en": "No barcode was seen in the photo. Take it closer, in good light, the bars sharp; or type the figures"
        " below the"
        " bars.",
    },
    "photo_large": {
        "vi": "Ảnh quá lớn (quá {limit} MB hoặc {pixels} triệu điểm ảnh). Hãy chụp ở cỡ nhỏ hơn.",
        "en": "The photo is too large (more than {limit} MB or {pixels} megapixels). Take a smaller one.",
    },
    "photo_kind": {
        "vi": "Tệp này không phải ảnh JPEG, PNG hay WebP. Hãy chụp lại.",
        "en": "This file is no JPEG, PNG or WebP picture. Take the photo again.",
    },
    "entry_title": {
        "vi": "Sách phải có tên. Hãy gõ tên sách như in ở trang đầu.",
        "en": "A book needs a title. Type it as it is printed on the title page.",
    },
    "entry_copies": {
        "vi": "Số bản phải là số từ 1 đến {most}. Hãy gõ lại.",
        "en": "The number of copies must be from 1 to {most}. Type it again.",
    },
    "entry_gone": {
        "vi": "Sách này vừa được gộp hoặc gỡ khỏi mục lục. Hãy tìm lại.",
        "en": "This book has just been merged or taken out of the catalog. Search again.",
    },
    "isbn_wrong": {
        "vi": "ISBN «{value}» sai: không khớp số kiểm tra. Hãy gõ lại dãy số in trên bìa sau, hoặc để trống nếu sách"
        " không"
        " có.",
        "en": "The ISBN “{value}” is wrong: its check digit does not fit. Type the figures from the back cover again,"
        " or"
        " leave it empty if the book has none.",
    },
    "year_wrong": {
        "vi": "Năm «{value}» không đúng dạng. Hãy gõ bốn chữ số, ví dụ 2019.",
        "en": "The year “{value}” is not in the right form. Type four figures, for example 2019.",
    },
    "setting_wrong": {
        "vi": "«{value}» không phải {what}. Hãy sửa lại.",
        "en": "“{value}” is no {what}. Mend it.",
    },
    "upload_failed": {
        "vi": "Không nhập được tệp vì lỗi của phần mềm; cán bộ công nghệ thông tin sẽ thấy trong nhật ký. Hãy thử lại.",
        "en": "The file could not be imported because of a fault of the program, which the log says. Try again.",
    },
    "entry_changed": {
        "vi": "Cuốn này đã được sửa tiếp sau đó nên không hoàn tác được. Hãy sửa số bản trong danh sách.",
        "en": "This book has been changed since, so this cannot be undone. Change its copies in the list.",
    },
    "own_mendable": {
        "vi": "Trung tâm có thể sửa giúp nếu thư viện đồng ý; hãy báo cán bộ công nghệ thông tin.",
        "en": "The hub can mend it; tell the IT staff that they may.",
    },
    "own_ask_again": {
        "vi": "Xuất lại biểu ghi này từ phần mềm của thư viện; lượt thu hoạch sau tự nhận lại.",
        "en": "Export this record again from the library's own system; the next harvest takes it by itself.",
    },
    "own_ask_title": {
        "vi": "Bổ sung nhan đề trong phần mềm của thư viện, hoặc trong tệp, rồi gửi lại.",
        "en": "Give the title in the library's own system, or in the file, and send it again.",
    },
    "own_ask_smaller": {
        "vi": "Biểu ghi quá lớn. Hãy xuất lại, không kèm tệp nội dung.",
        "en": "The record is too large. Export it again without embedded files.",
    },
    "own_ask_whole": {
        "vi": "Phần sau của tệp chưa tới. Hãy gửi lại cả tệp.",
        "en": "The rest of the file has not arrived. Send the whole file again.",
    },
    "own_ask_encoding": {
        "vi": "Biểu ghi dùng bảng mã {name}, không phải Unicode. Hãy xuất bằng UTF-8, hoặc báo cán bộ công nghệ thông"
        " tin khai bảng mã này.",
        "en": "The record is in {name}, not in Unicode. Export it in UTF-8, or ask the IT staff to set this encoding.",
    },
    "own_ask_format": {
        "vi": "Dữ liệu ở khổ mẫu {name}. Hãy xuất đúng khổ mẫu đã thống nhất, hoặc báo cán bộ công nghệ thông tin đổi"
        " khổ mẫu.",
        "en": "These data are in the format {name}. Export them in the format agreed upon, or ask the IT staff to"
        " change it.",
    },
}
