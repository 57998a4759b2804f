"""The sentences of the problems of reading: code → Vietnamese and English, so that the words stay the same everywhere.

Each sentence says what is wrong, where, and how to mend it. ``{name}`` stands for a fact of the problem.
"""

from __future__ import annotations

from schemas import wording_bagit, wording_files, wording_text

SENTENCES: dict[str, dict[str, str]] = {
    "format_unknown": {
        "vi": "Không có khổ mẫu «{name}». Hãy dùng một trong: {known}.",
        "en": "There is no format “{name}”. Use one of: {known}.",
    },
    "file_missing": {
        "vi": "Không tìm thấy tệp «{path}». Hãy kiểm tra đường dẫn và tên tệp.",
        "en": "The file “{path}” was not found. Check the path and the name.",
    },
    "encoding_unknown": {
        "vi": "Không có bảng mã «{name}». Hãy dùng một trong: {known}.",
        "en": "There is no encoding “{name}”. Use one of: {known}.",
    },
    "marc_not_iso2709": {
        "vi": "Tệp bắt đầu bằng {start}, không phải MARC 21 (ISO 2709). Hãy kiểm tra tệp và chọn đúng khổ mẫu.",
        "en": "The file begins with {start}, which is not MARC 21 (ISO 2709). Check the file and choose its format.",
    },
    "record_too_long": {
        "vi": "Biểu ghi dài quá {limit} byte. Hãy xuất lại biểu ghi này từ phần mềm thư viện.",
        "en": "The record is longer than {limit} bytes. Export this record from the library system again.",
    },
    "marc_encoding": {
        "vi": "Bảng mã của biểu ghi không khớp với khai báo ở đầu biểu/09 («{declared}»), sai từ byte {at} của trường."
        " Hãy khai báo đúng bảng mã của nguồn (encoding).",
        "en": "The record's characters do not fit leader/09 (“{declared}”), first at byte {at} of a field."
        " Set the encoding of the source.",
    },
    "marc_unreadable": {
        "vi": "Không đọc được biểu ghi MARC: {detail}. Hãy xuất lại biểu ghi này từ phần mềm thư viện.",
        "en": "The MARC record cannot be read: {detail}. Export this record from the library system again.",
    },
    "marc_leader": {
        "vi": "Biểu ghi quá ngắn hoặc đầu biểu hỏng. Hãy xuất lại biểu ghi này từ phần mềm thư viện.",
        "en": "The record is too short or its leader is damaged. Export this record from the library system again.",
    },
    "marc_directory": {
        "vi": "Thư mục (directory) của biểu ghi không khớp với các trường. Hãy xuất lại biểu ghi này.",
        "en": "The record's directory does not fit its fields. Export this record from the library system again.",
    },
    "marc_field_too_long": {
        "vi": "Trường {tag} dài {length} byte, ISO 2709 chỉ chứa được {limit}. Hãy dùng MARCXML cho biểu ghi này.",
        "en": "Field {tag} has {length} bytes and ISO 2709 holds {limit}. Use MARCXML for this record.",
    },
    "marc_record_too_long": {
        "vi": "Biểu ghi dài {length} byte, ISO 2709 chỉ chứa được {limit}. Hãy dùng MARCXML cho biểu ghi này.",
        "en": "The record has {length} bytes and ISO 2709 holds {limit}. Use MARCXML for this record.",
    },
    "marcxml_no_record": {
        "vi": "Không có biểu ghi MARC (phần tử record với leader hoặc trường) trong tệp XML. Hãy kiểm tra khổ mẫu.",
        "en": "The XML document holds no MARC record (element record with a leader or fields). Check the format.",
    },
    "xml_doctype": {
        "vi": "Tệp XML có khai báo DOCTYPE với phần khai báo riêng (ENTITY…) hoặc không phải tệp dữ liệu, nên không"
        " được nhận, vì lý do an toàn. Hãy xuất lại tệp không có DOCTYPE.",
        "en": "The XML has a DOCTYPE with declarations of its own (ENTITY…), or is no file of records, and is refused"
        " for safety. Export it again without a DOCTYPE.",
    },
    "xml_broken": {
        "vi": "XML sai cú pháp ở dòng {line}: {detail}. Hãy xuất lại biểu ghi hoặc sửa dòng đó.",
        "en": "The XML is not well-formed at line {line}: {detail}. Export the record again or mend that line.",
    },
    "xml_too_long": {
        "vi": "Một tài liệu XML dài quá {limit} MiB. Hãy chia nhỏ tệp theo từng biểu ghi.",
        "en": "An XML document is longer than {limit} MiB. Split the file so that each record stands alone.",
    },
    "xml_cut_short": {
        "vi": "Tệp XML bị cắt cụt: thẻ «{element}» chưa đóng khi tệp hết ở dòng {line}. Có thể thiếu biểu ghi; "
        "hãy tải hoặc xuất lại tệp.",
        "en": "The XML file is cut short: “{element}” is not closed when the file ends at line {line}. Records may be "
        "missing; download or export the file again.",
    },
    "encoding_broken": {
        "vi": "Byte {byte} ở vị trí {offset} không có trong bảng mã «{name}». Hãy khai báo đúng bảng mã của nguồn.",
        "en": "Byte {byte} at offset {offset} is not in the encoding “{name}”. Set the encoding of the source.",
    },
    "encoding_unfit": {
        "vi": "Bảng mã «{name}» không có ký tự «{letter}». Hãy dùng utf-8.",
        "en": "The encoding “{name}” has no letter “{letter}”. Use utf-8.",
    },
    "encoding_undecided": {
        "vi": "Không chắc bảng mã của dữ liệu. Gần nhất là «{guess}» ({words} từ có dấu, {share} % đọc được thành tiếng"
        " Việt). Hãy khai báo bảng mã của nguồn (encoding), một trong: {known}.",
        "en": "The encoding of the data is in doubt. The nearest is “{guess}” ({words} words with marks, {share} % of"
        " them read as Vietnamese). Set the encoding of the source, one of: {known}.",
    },
    "copies_too_many": {
        "vi": "Biểu ghi nêu hơn {limit} bản hoặc số đăng ký cá biệt. Hãy kiểm tra số bản và các khoảng số (ví dụ"
        " TN.00001-00010) ở nguồn.",
        "en": "The record gives more than {limit} copies or accession numbers. Check its numbers of copies and its"
        " ranges (such as TN.00001-00010) at the source.",
    },
    "table_unreadable": {
        "vi": "Không mở được bảng tính: {detail}. Hãy mở tệp bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx.",
        "en": "The spreadsheet cannot be opened: {detail}. Open it in Excel or LibreOffice and save it again as .xlsx.",
    },
    "table_other_format": {
        "vi": "Đây không phải bảng CSV mà là tệp của khổ mẫu «{format}». Hãy chọn đúng khổ mẫu (format: {format}).",
        "en": "This is no CSV table but a file of the format “{format}”. Choose its format (format: {format}).",
    },
    "table_no_sheet": {
        "vi": "Tệp không có trang tính «{sheet}». Các trang tính có trong tệp: {sheets}.",
        "en": "The file has no sheet “{sheet}”. Its sheets are: {sheets}.",
    },
    "table_no_title": {
        "vi": "Không tìm thấy cột nhan đề trong 20 dòng đầu{sheet}. Các tiêu đề cột đã thấy: {headings}. Cột nhan đề "
        "có thể mang tên: {known}. Hãy sửa tiêu đề cột hoặc khai báo cột (columns) của nguồn.",
        "en": "No title column was found in the first 20 rows{sheet}. Headings seen: {headings}. A title column may be "
        "called: {known}. Mend the heading or set the columns of the source.",
    },
    "table_reader_data": {
        "vi": "Bảng có vẻ chứa dữ liệu cá nhân của bạn đọc (các cột: {headings}) nên không được nhận và không được "
        "lưu. Hãy xóa các cột đó rồi gửi lại.",
        "en": "The table seems to hold personal data of readers (columns: {headings}), so it was neither taken nor "
        "stored. Remove those columns and send it again.",
    },
    "table_too_long": {
        "vi": "Bảng có quá {limit} dòng. Hãy chia thành nhiều tệp.",
        "en": "The table has more than {limit} rows. Split it into several files.",
    },
    "table_row_no_title": {
        "vi": "Dòng này không có nhan đề ({place}). Hãy điền nhan đề hoặc xóa dòng.",
        "en": "This row has no title ({place}). Fill in the title or delete the row.",
    },
    "table_id_twice": {
        "vi": "Mã «{identifier}» đã dùng cho nhan đề khác («{other}»). Hãy cho mỗi nhan đề một mã riêng.",
        "en": "The identifier “{identifier}” already stands for another title (“{other}”). Give each title its own.",
    },
    "table_body": {
        "vi": "Nội dung dòng của bảng không đọc được: {detail}. Hãy thu hoạch lại nguồn này.",
        "en": "The stored row of the table cannot be read: {detail}. Harvest this source again.",
    },
    "dc_no_record": {
        "vi": "Không có biểu ghi Dublin Core (oai_dc:dc) trong tài liệu XML. Hãy kiểm tra khổ mẫu của nguồn.",
        "en": "The XML document holds no Dublin Core record (oai_dc:dc). Check the format of the source.",
    },
    "dc_no_title": {
        "vi": "Biểu ghi Dublin Core không có dc:title. Hãy bổ sung nhan đề ở nguồn.",
        "en": "The Dublin Core record has no dc:title. Add the title at the source.",
    },
    "onix_no_product": {
        "vi": "Không có phần tử Product (product) của ONIX trong tài liệu XML. Hãy kiểm tra khổ mẫu của nguồn.",
        "en": "The XML document holds no ONIX Product (product). Check the format of the source.",
    },
    "onix_no_title": {
        "vi": "Sản phẩm ONIX không có nhan đề. Hãy bổ sung TitleDetail (hoặc Title) ở nguồn.",
        "en": "The ONIX product has no title. Add a TitleDetail (or Title) at the source.",
    },
    "unimarc_no_record": {
        "vi": "Không có biểu ghi UNIMARC trong dữ liệu. Hãy kiểm tra khổ mẫu của nguồn.",
        "en": "The data hold no UNIMARC record. Check the format of the source.",
    },
    "unimarc_is_marc21": {
        "vi": "Biểu ghi có trường 245 mà không có trường 200: đây là MARC 21, không phải UNIMARC. "
        "Hãy chọn khổ mẫu marc21 (hoặc marcxml) cho nguồn.",
        "en": "The record has a field 245 and no 200: it is MARC 21, not UNIMARC. "
        "Choose the format marc21 (or marcxml) for the source.",
    },
    "marcjson_broken": {
        "vi": "JSON sai cú pháp: {detail}. Hãy xuất lại biểu ghi.",
        "en": "The JSON is not well-formed: {detail}. Export the record again.",
    },
    "marcjson_shape": {
        "vi": "JSON không phải biểu ghi MARC-in-JSON: {detail}. Biểu ghi cần có «leader» và danh sách «fields».",
        "en": "The JSON is no MARC-in-JSON record: {detail}. A record has a “leader” and a list of “fields”.",
    },
    "mrk_line": {
        "vi": "Dòng {line} không phải dòng MARCMaker: {text}. Mỗi trường bắt đầu bằng «=», nhãn trường và "
        "hai dấu cách.",
        "en": "Line {line} is not a MARCMaker line: {text}. Each field begins with “=”, its tag and two spaces.",
    },
    "mrk_encoding": {
        "vi": "Tệp .mrk không phải UTF-8 (byte {offset}). Hãy khai báo bảng mã của nguồn (encoding).",
        "en": "The .mrk data are not UTF-8 (byte {offset}). Set the encoding of the source.",
    },
    "isis_table": {
        "vi": "Bảng trường CDS/ISIS có dòng «{source}: {target}» không hợp lệ. Vế trái là trường hay trường con của"
        " CDS/ISIS («24», «26^a»), vế phải là chỗ trong MARC 21 («245$a», «001»).",
        "en": "The CDS/ISIS field table has a wrong line “{source}: {target}”. On the left stands a CDS/ISIS field or"
        " subfield (“24”, “26^a”), on the right its place in MARC 21 (“245$a”, “001”).",
    },
    "isis_no_table": {
        "vi": "Biểu ghi CDS/ISIS có các trường {tags} mà nguồn chưa có bảng trường. Hãy khai báo reading.field_table;"
        " mẫu ở harvest_config/cds_isis.yaml.",
        "en": "The CDS/ISIS record has the fields {tags} and the source has no field table. Set reading.field_table; an"
        " example is harvest_config/cds_isis.yaml.",
    },
    "isis_no_title": {
        "vi": "Theo bảng trường thì biểu ghi CDS/ISIS không có nhan đề (245$a); các trường của biểu ghi: {tags}."
        " Hãy sửa reading.field_table hoặc bổ sung nhan đề ở nguồn.",
        "en": "By its field table the CDS/ISIS record has no title (245$a); its fields are {tags}. Mend"
        " reading.field_table or add the title at the source.",
    },
    "mods_no_record": {
        "vi": "Không có biểu ghi MODS (phần tử mods) trong tài liệu XML. Hãy kiểm tra khổ mẫu của nguồn.",
        "en": "The XML document holds no MODS record (element mods). Check the format of the source.",
    },
    "mods_no_title": {
        "vi": "Biểu ghi MODS không có nhan đề (titleInfo/title). Hãy bổ sung nhan đề ở nguồn.",
        "en": "The MODS record has no title (titleInfo/title). Add the title at the source.",
    },
} | wording_text.SENTENCES
SENTENCES |= wording_bagit.SENTENCES
SENTENCES |= wording_files.SENTENCES
