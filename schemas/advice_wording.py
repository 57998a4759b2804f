"""The sentences of :mod:`schemas.advice`: what a mend does (``mend_…``), what to ask a library for (``ask_…``)."""

SENTENCES: dict[str, dict[str, str]] = {
    "mend_encoding": {
        "vi": "Đọc biểu ghi theo bảng mã {name} rồi ghi lại bằng Unicode. Nếu cả nguồn như vậy, hãy khai báo"
        " encoding: {name} trong tệp nguồn.",
        "en": "Read the record as {name} and write it in Unicode. If the whole source is like this, set"
        " encoding: {name} in the source file.",
    },
    "mend_text": {
        "vi": "Đọc lại chữ bị lỗi phông theo {name}; các mã và số giữ nguyên. Hãy xem bản đã sửa trước khi nhận.",
        "en": "Read the damaged text again as {name}; codes and numbers stay. Look at the mended record before you"
        " accept.",
    },
    "mend_xml_encoding": {
        "vi": "Đọc những byte không phải UTF-8 theo bảng mã {name} rồi ghi lại bằng Unicode.",
        "en": "Read the bytes that are not UTF-8 as {name} and write them in Unicode.",
    },
    "mend_xml_bytes": {
        "vi": "Đọc những byte không phải UTF-8 như chữ cái của bảng mã Windows-1252.",
        "en": "Read the bytes that are not UTF-8 as letters of Windows-1252.",
    },
    "mend_xml_characters": {
        "vi": "Bỏ {count} ký tự điều khiển mà XML không cho phép.",
        "en": "Take out {count} control characters that XML forbids.",
    },
    "mend_xml_entity": {
        "vi": "Thay {count} tên ký tự của HTML (như &nbsp; hoặc &eacute;) bằng chính ký tự đó.",
        "en": "Write {count} HTML names of characters (such as &nbsp; or &eacute;) as the characters themselves.",
    },
    "mend_xml_ampersand": {
        "vi": "Viết {count} dấu & đứng riêng thành &amp;.",
        "en": "Write {count} bare & as &amp;.",
    },
    "mend_xml_less_than": {
        "vi": "Viết {count} dấu < trong văn bản thành &lt;.",
        "en": "Write {count} < within text as &lt;.",
    },
    "mend_xml_doctype": {
        "vi": "Bỏ {count} khai báo DOCTYPE; nội dung biểu ghi giữ nguyên.",
        "en": "Take out {count} DOCTYPE declaration; the content of the record stays as it is.",
    },
    "mend_xml_tags": {
        "vi": "Đóng các thẻ còn mở. Văn bản đã nhận được giữ đủ, nhưng biểu ghi có thể thiếu phần cuối: hãy so với"
        " bản ở thư viện.",
        "en": "Close the tags left open. The text received is kept whole, but the end of the record may be missing:"
        " compare it with the library's.",
    },
    "mend_marc_directory": {
        "vi": "Dựng lại đầu biểu và thư mục (directory) từ {count} trường; nội dung các trường giữ nguyên.",
        "en": "Make leader and directory anew from the {count} fields; the contents of the fields stay as they are.",
    },
    "mend_marc_cut": {
        "vi": "Biểu ghi bị cắt cụt: giữ {kept} trong {of} trường còn nguyên và dựng lại thư mục. Nên xin thư viện gửi"
        " lại biểu ghi đủ.",
        "en": "The record was cut short: keep the {kept} of {of} fields that are whole and make the directory anew."
        " Better ask the library for the whole record.",
    },
    "mend_marc_bytes": {
        "vi": "Đọc những byte không phải UTF-8 như chữ cái của bảng mã Windows-1252; các chữ khác giữ nguyên.",
        "en": "Read the bytes that are not UTF-8 as letters of Windows-1252; all other letters stay.",
    },
    "mend_json_comma": {
        "vi": "Bỏ dấu phẩy thừa trong JSON.",
        "en": "Take out the comma too many in the JSON.",
    },
    "mend_json_end": {
        "vi": "Đóng phần JSON bị cắt cụt. Biểu ghi có thể thiếu trường cuối: hãy so với bản ở thư viện.",
        "en": "Close the JSON that was cut short. The last field may be missing: compare it with the library's.",
    },
    "mend_mrk_lines": {
        "vi": "Bỏ {count} dòng đứng trước trường đầu tiên.",
        "en": "Take out the {count} lines before the first field.",
    },
    "mend_own_number": {
        "vi": "Cho nhan đề này số riêng «{number}», vì số cũ đã thuộc nhan đề khác.",
        "en": "Give this title a number of its own, “{number}”: its number stands for another title.",
    },
    "mend_format": {
        "vi": "Biểu ghi này ở khổ mẫu {name}: chuyển sang khổ mẫu của nguồn. Nếu cả nguồn như vậy, hãy sửa format trong"
        " tệp nguồn.",
        "en": "This record is in the format {name}: write it in the source's own. If the whole source is like this,"
        " mend format in the source file.",
    },
    "ask_encoding": {
        "vi": "Biểu ghi đọc được theo bảng mã {name}. Hãy khai báo encoding: {name} trong tệp nguồn; các biểu ghi sẽ"
        " tự được đọc lại.",
        "en": "The record can be read as {name}. Set encoding: {name} in the source file; its records are then read"
        " again by themselves.",
    },
    "ask_format": {
        "vi": "Dữ liệu này ở khổ mẫu {name}. Hãy sửa format trong tệp nguồn thành {name}.",
        "en": "These data are in the format {name}. Set format to {name} in the source file.",
    },
    "ask_title": {
        "vi": "Không ai ngoài thư viện biết nhan đề này. Hãy gửi cho thư viện số biểu ghi và nơi nó đứng, xin bổ sung"
        " nhan đề; khi gửi lại, biểu ghi tự được nhận.",
        "en": "Nobody but the library knows this title. Send the library the number and the place of the record and ask"
        " for the title; sent again, the record is taken by itself.",
    },
    "ask_smaller": {
        "vi": "Quá lớn cho một biểu ghi. Hãy xin thư viện xuất lại, mỗi biểu ghi một bản, không kèm tệp nội dung.",
        "en": "Too large for one record. Ask the library to export it again, record by record, without embedded files.",
    },
    "ask_whole": {
        "vi": "Phần sau của tệp chưa tới. Hãy xin thư viện gửi lại cả tệp.",
        "en": "The rest of the file has not arrived. Ask the library to send the whole file again.",
    },
    "ask_again": {
        "vi": "Chưa có cách sửa chắc chắn. Hãy gửi cho thư viện số biểu ghi, nơi nó đứng và lý do ở trên, xin xuất lại"
        " biểu ghi này; khi gửi lại, biểu ghi tự được nhận.",
        "en": "There is no certain way to mend it. Send the library the number, the place and the reason above and ask"
        " for this record again; sent again, it is taken by itself.",
    },
    "isbn_float": {
        "vi": "ISBN viết dạng số mũ ({value}): Excel đã làm mất chữ số. Hãy định dạng cột ISBN là văn bản (Text), nhập"
        " lại các số rồi xuất tệp.",
        "en": "An ISBN stands as a power of ten ({value}): Excel has lost its digits. Format the ISBN column as text,"
        " enter the numbers again and export the file.",
    },
}
