"""Records in words: what is lost, mistaken or missing, and what must not be sent (:mod:`connectors.doctor.words`)."""

from __future__ import annotations

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "personal_data": {
        "vi": (
            "Biểu ghi có dấu hiệu chứa dữ liệu cá nhân ở {places} ({count} chỗ; ví dụ biểu ghi {example}).",
            "Tên cán bộ, số điện thoại hay ghi chú nội bộ đang được công bố cho cả thế giới, trái Luật Bảo vệ dữ"
            " liệu cá nhân số 91/2025/QH15. Trung tâm không cần những trường này.",
            "Bỏ các trường ấy khỏi phần xuất OAI-PMH. Koha: đặt thuộc tính ẩn của trường con trong khung biên mục"
            " và lọc bằng XSLT nêu trong OAI-PMH:ConfFile. Trong lúc chờ, trung tâm bỏ chúng trước khi lưu.",
        ),
        "en": (
            "Records seem to hold personal data in {places} ({count} times; for example record {example}).",
            "Names of staff, telephone numbers or internal notes are published to the whole world, against the law"
            " on the protection of personal data (91/2025/QH15). The hub does not need these fields.",
            "Take these fields out of the OAI-PMH export. Koha: hide the subfields in the framework and filter by"
            " the XSLT named in OAI-PMH:ConfFile. Until then the hub can leave them out before anything is stored.",
        ),
    },
    "records_unreadable": {
        "vi": (
            "{count}/{of} biểu ghi không đọc được; ví dụ {example}. {problem}",
            "Những biểu ghi này nằm ở hàng cách ly, không vào mục lục liên hợp.",
            "Mở biểu ghi ví dụ trong phần mềm thư viện và sửa như câu trên nói; lỗi giống nhau thường có cùng một"
            " nguyên nhân ở phần xuất.",
        ),
        "en": (
            "{count} of {of} records cannot be read; for example {example}. {problem}",
            "These records are set aside and do not enter the union catalog.",
            "Open the example in the library software and mend it as the sentence says; the same error usually has"
            " one cause in the export.",
        ),
    },
    "records_without_metadata": {
        "vi": (
            "{count}/{of} biểu ghi không bị xóa nhưng cũng không có siêu dữ liệu; ví dụ {example}.",
            "Nhan đề có trong thư viện nhưng không vào mục lục liên hợp.",
            'Xem biểu ghi ấy có bị ẩn khỏi OPAC không; nếu có thì phải báo là đã xóa (status="deleted").',
        ),
        "en": (
            "{count} of {of} records are not deleted and yet have no metadata; for example {example}.",
            "These titles do not enter the union catalog.",
            'Check whether they are hidden from the OPAC; then they must be shown as deleted (status="deleted").',
        ),
    },
    "records_without_identifier": {
        "vi": (
            "{count}/{of} biểu ghi không có mã định danh ({example}).",
            "Không có mã thì lần sau không biết biểu ghi nào đã sửa hay đã xóa; chúng bị cách ly.",
            "Mỗi biểu ghi phải có phần tử identifier trong header, không đổi suốt đời, dạng oai:ten-mien:so-bieu-ghi.",
        ),
        "en": (
            "{count} of {of} records have no identifier ({example}).",
            "Without one nobody can tell which record was changed or deleted; they are set aside.",
            "Each record must have an identifier in its header that never changes, such as oai:host:number.",
        ),
    },
    "identifiers_twice": {
        "vi": (
            "{count} mã định danh xuất hiện nhiều lần trong danh sách; ví dụ {example}.",
            "Bản sau đè bản trước: hai nhan đề khác nhau chung một mã thì mất một.",
            "Mỗi biểu ghi một mã riêng. Nếu cùng một biểu ghi bị lặp qua các trang, hãy sắp danh sách theo một thứ"
            " tự cố định (ngày rồi mã).",
        ),
        "en": (
            "{count} identifiers come more than once in the list; for example {example}.",
            "The later record replaces the earlier: of two titles under one identifier one is lost.",
            "Give each record its own. If one record is repeated over the pages, sort the list in a fixed order"
            " (date, then identifier).",
        ),
    },
    "mojibake": {
        "vi": (
            "{count}/{of} biểu ghi có chữ bị mã hóa UTF-8 hai lần: {seen}; ví dụ {example}.",
            "Bạn đọc thấy chữ lạ; trung tâm sửa được phần lớn, nơi khác thì không.",
            "Dữ liệu đã là UTF-8 lại bị đổi thêm lần nữa: kiểm tra bảng mã của cơ sở dữ liệu, của kết nối (MySQL:"
            " utf8mb4) và của phần xuất.",
        ),
        "en": (
            "{count} of {of} records have letters that were encoded in UTF-8 twice: {seen}; for example {example}.",
            "Readers see strange letters; the hub mends most of them, others do not.",
            "Text that is UTF-8 already is converted again: check the encoding of the database, of its connection"
            " (MySQL: utf8mb4) and of the export.",
        ),
    },
    "legacy_encoding": {
        "vi": (
            "{count}/{of} biểu ghi viết bằng bảng mã tiếng Việt cũ: {seen}; ví dụ {example}.",
            "Không tìm được bằng tiếng Việt có dấu, nhan đề không ghép được với thư viện khác nếu không sửa.",
            "Chuyển dữ liệu sang Unicode một lần cho xong; trung tâm có thể giúp chuyển và gửi lại tệp đã sửa.",
        ),
        "en": (
            "{count} of {of} records are in an old Vietnamese encoding: {seen}; for example {example}.",
            "They cannot be found in Vietnamese, and do not match other libraries' records unless they are mended.",
            "Convert the data to Unicode once and for all; the hub can help and send the mended file back.",
        ),
    },
    "other_bytes": {
        "vi": (
            "Câu trả lời được khai báo là UTF-8 nhưng các byte không phải UTF-8 (có vẻ là: {seen}).",
            "Phần mềm thu hoạch thông thường từ chối cả trang. Trung tâm giữ từng biểu ghi nguyên byte và đoán bảng mã"
            " từ chính dữ liệu; chỗ không chắc phải chờ người xem.",
            "Xuất dữ liệu thật sự bằng UTF-8; kiểm tra bảng mã của kết nối cơ sở dữ liệu.",
        ),
        "en": (
            "The answer is declared as UTF-8, but its bytes are not UTF-8 (they look like: {seen}).",
            "Ordinary harvesters refuse the whole page. The hub keeps each record byte by byte and tells the encoding"
            " from the data; what is in doubt waits for a person.",
            "Really write UTF-8; check the encoding of the connection to the database.",
        ),
    },
    "lost_letters": {
        "vi": (
            "{count}/{of} biểu ghi có chữ đã mất, thay bằng ? hoặc �: «{seen}»; ví dụ {example}.",
            "Chữ đã mất không phần mềm nào khôi phục được; nhan đề ấy không tìm và không ghép được.",
            "Cột trong cơ sở dữ liệu không phải Unicode (SQL Server: dùng nvarchar). Sửa cột rồi nhập lại từ bản gốc.",
        ),
        "en": (
            "{count} of {of} records have lost letters, ? or � in their place: “{seen}”; for example {example}.",
            "No software can bring them back; such titles are neither found nor matched.",
            "A column of the database is not Unicode (SQL Server: use nvarchar). Mend it, then load the originals"
            " again.",
        ),
    },
    "only_dublin_core": {
        "vi": (
            "Khổ mẫu tốt nhất hiện có là {prefix} (máy chủ có: {names}); chưa có MARC.",
            "Mất số bản, kho, ký hiệu xếp giá, tập, lần xuất bản; ghép trùng kém chắc chắn hơn.",
            "Bật MARCXML. Koha: có sẵn tiền tố marc21; phần mềm khác: hỏi nhà cung cấp «xuất MARCXML qua OAI-PMH».",
        ),
        "en": (
            "The best format there is is {prefix} (the server has: {names}); there is no MARC.",
            "Copies, locations, call numbers, volumes and editions are lost; duplicates are found less surely.",
            "Enable MARCXML. Koha has the prefix marc21; other software: ask its maker for “MARCXML by OAI-PMH”.",
        ),
    },
    "no_holdings": {
        "vi": (
            "Không biểu ghi nào cho biết số bản và kho (trường 852 hoặc 952).",
            "Mục lục liên hợp chỉ biết thư viện có nhan đề này, không biết mấy bản, ở đâu.",
            "Koha: trong tệp của OAI-PMH:ConfFile đặt include_items: 1. Phần mềm khác: xuất trường 852.",
        ),
        "en": (
            "No record tells of copies and their places (field 852 or 952).",
            "The union catalog only knows that the library has the title, not how many copies and where.",
            "Koha: in the file of OAI-PMH:ConfFile set include_items: 1. Other software: export field 852.",
        ),
    },
    "no_title": {
        "vi": (
            "{share} % biểu ghi không có nhan đề; ví dụ {example}.",
            "Biểu ghi không nhan đề không tìm được và không ghép được.",
            "Bổ sung nhan đề, hoặc kiểm tra phép chuyển đổi có bỏ mất trường nhan đề không.",
        ),
        "en": (
            "{share} % of the records have no title; for example {example}.",
            "A record without a title can be neither found nor matched.",
            "Add the titles, or check whether the conversion drops them.",
        ),
    },
    "marc_title": {
        "vi": (
            "{count}/{of} biểu ghi MARC thiếu {seen}; ví dụ {example}.",
            "Không có nhan đề thì biểu ghi bị cách ly.",
            "Điền trường 245 $a trong phần mềm thư viện.",
        ),
        "en": (
            "{count} of {of} MARC records lack {seen}; for example {example}.",
            "Without a title a record is set aside.",
            "Fill in field 245 $a in the library software.",
        ),
    },
    "marc_leader": {
        "vi": (
            "{count}/{of} biểu ghi có đầu biểu (leader) sai: {seen} (# là dấu cách); ví dụ {example}.",
            "Không biết chắc đó là sách, báo hay băng đĩa; phần mềm chặt chẽ từ chối biểu ghi.",
            "Đầu biểu phải dài 24 ký tự; với sách chữ Unicode thường là 00000nam a2200000 a 4500.",
        ),
        "en": (
            "{count} of {of} records have a wrong leader: {seen} (# is a blank); for example {example}.",
            "Nobody can tell a book from a journal or a recording; strict software refuses the record.",
            "A leader has 24 characters; for a book in Unicode usually 00000nam a2200000 a 4500.",
        ),
    },
    "marc_008": {
        "vi": (
            "{count}/{of} biểu ghi thiếu trường 008 hoặc 008 không đủ 40 ký tự (độ dài: {seen}); ví dụ {example}.",
            "Mất ngôn ngữ, năm và lứa tuổi dạng mã: lọc theo lứa tuổi thiếu nhi không thấy sách này.",
            "Koha: dùng trình soạn trường 008. Phần mềm khác: xuất đủ 40 ký tự, chỗ trống điền dấu cách hoặc |.",
        ),
        "en": (
            "{count} of {of} records have no field 008, or one that is not of 40 characters (lengths: {seen}); for"
            " example {example}.",
            "Coded language, year and audience are lost: who filters by children's age does not see the book.",
            "Koha: use the editor of field 008. Other software: export all 40 characters, blanks or | where unknown.",
        ),
    },
    "marc_numbers": {
        "vi": (
            "{count}/{of} biểu ghi thiếu số kiểm soát ({seen}); ví dụ {example}.",
            "Không đối chiếu được với biểu ghi gốc trong phần mềm thư viện.",
            "Xuất số biểu ghi vào trường 001.",
        ),
        "en": (
            "{count} of {of} records lack their control number ({seen}); for example {example}.",
            "They cannot be traced to the record in the library software.",
            "Export the record's number in field 001.",
        ),
    },
    "marc_tags": {
        "vi": (
            "{count}/{of} biểu ghi có nhãn trường không có trong MARC 21: {seen}; ví dụ {example}.",
            "Nội dung các trường ấy được giữ nhưng không được dùng.",
            "Dùng trường chuẩn tương ứng, hoặc chuyển vào vùng 9XX dành cho nội bộ.",
        ),
        "en": (
            "{count} of {of} records have tags that MARC 21 does not know: {seen}; for example {example}.",
            "What stands there is kept but not used.",
            "Use the field of the standard, or a local one (9XX).",
        ),
    },
    "marc_indicators": {
        "vi": (
            "{count}/{of} biểu ghi có chỉ thị sai: {seen} (# là dấu cách); ví dụ {example}.",
            "Ít ảnh hưởng; sắp xếp nhan đề có thể sai khi chỉ thị 2 của 245 sai.",
            "Sửa chỉ thị theo quy định của trường.",
        ),
        "en": (
            "{count} of {of} records have wrong indicators: {seen} (# is a blank); for example {example}.",
            "It matters little; titles may be filed wrongly when the second of 245 is wrong.",
            "Set the indicators as the field has them.",
        ),
    },
    "marc_repeated": {
        "vi": (
            "{count}/{of} biểu ghi lặp trường không được lặp: {seen}; ví dụ {example}.",
            "Chỉ trường đầu được coi là chính.",
            "Giữ một; tác giả thứ hai chuyển sang 700, nhan đề khác sang 246.",
        ),
        "en": (
            "{count} of {of} records repeat fields that may not be repeated: {seen}; for example {example}.",
            "The first alone counts as the main one.",
            "Keep one; a second author belongs into 700, another title into 246.",
        ),
    },
    "thin": {
        "vi": (
            "Biểu ghi còn thiếu (tỉ lệ biểu ghi có trường): {fields}.",
            "Tìm theo lọc và ghép trùng kém đi đúng ở những chỗ thiếu.",
            "Bổ sung dần, trước hết cho sách thiếu nhi; trung tâm có thể gửi lại biểu ghi đã được bổ sung từ nơi khác.",
        ),
        "en": (
            "Records are thin (share of records that have the field): {fields}.",
            "Filters and matching suffer just there.",
            "Fill in little by little, children's books first; the hub can send back records completed from elsewhere.",
        ),
    },
}
