"""What is good, in words (see :mod:`connectors.doctor.words`)."""

from __future__ import annotations

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "identify_good": {
        "vi": ("Kho tự giới thiệu đúng chuẩn OAI-PMH 2.0: {name}.",),
        "en": ("The repository introduces itself as OAI-PMH 2.0 demands: {name}.",),
    },
    "format_good": {
        "vi": ("Có khổ mẫu MARC ({prefix}), tốt nhất cho mục lục liên hợp. Máy chủ có: {names}.",),
        "en": ("There is MARC ({prefix}), the best for the union catalog. The server has: {names}.",),
    },
    "sets_good": {
        "vi": ("Có {count} bộ sưu tập để thu hoạch riêng: {names}.",),
        "en": ("There are {count} sets that can be harvested by themselves: {names}.",),
    },
    "no_sets": {
        "vi": ("Kho không chia bộ sưu tập; thu hoạch cả kho.",),
        "en": ("There are no sets; the whole repository is harvested.",),
    },
    "list_good": {
        "vi": ("Đọc được {pages} trang đầu của danh sách, {count} biểu ghi.",),
        "en": ("The first pages of the list can be read: {pages} pages, {count} records.",),
    },
    "token_good": {
        "vi": ("Hỏi lại cùng một mã tiếp tục thì nhận đúng trang ấy: bị đứt vẫn đi tiếp được.",),
        "en": ("The same token gives the same page again: a harvest that was cut can go on.",),
    },
    "characters_good": {
        "vi": ("Mã tiếp tục có ký tự đặc biệt và được nhận lại đúng: {characters}",),
        "en": ("Tokens have special characters and are taken back rightly: {characters}",),
    },
    "dates_good": {
        "vi": ("Lọc theo thời gian đúng, tính cả hai đầu.",),
        "en": ("Selecting by time works, with both ends included.",),
    },
    "days_good": {
        "vi": ("Nhận cả mốc theo ngày lẫn theo giây.",),
        "en": ("Both days and seconds are taken.",),
    },
    "deletions_good": {
        "vi": ("Biểu ghi đã xóa được báo mãi (persistent); thấy {count} trong các trang đã đọc.",),
        "en": ("Deletions are told for ever (persistent); {count} seen on the pages that were read.",),
    },
    "deleted_good": {
        "vi": ("Danh sách và câu hỏi riêng nói giống nhau về biểu ghi đã xóa (thấy {count}).",),
        "en": ("The list and single questions agree on deleted records ({count} seen).",),
    },
    "same_lists_good": {
        "vi": ("ListIdentifiers và ListRecords nói cùng những biểu ghi.",),
        "en": ("ListIdentifiers and ListRecords name the same records.",),
    },
    "get_good": {
        "vi": ("Hỏi riêng một biểu ghi thì nhận đúng như trong danh sách.",),
        "en": ("A single record comes as it stands in the list.",),
    },
    "errors_good": {
        "vi": ("Câu hỏi sai được báo lỗi đúng chuẩn.",),
        "en": ("Wrong questions get the right errors.",),
    },
    "post_good": {
        "vi": ("Trả lời cả GET và POST.",),
        "en": ("Both GET and POST are answered.",),
    },
    "gzip_good": {
        "vi": ("Nén đường truyền (gzip) và nhận đủ.",),
        "en": ("Answers are packed (gzip) and whole.",),
    },
    "xml_good": {
        "vi": ("XML đúng cú pháp, UTF-8, đúng kiểu nội dung và không gian tên.",),
        "en": ("The XML is well-formed, in UTF-8, with the right content type and namespace.",),
    },
    "clock_good": {
        "vi": ("Đồng hồ máy chủ đúng.",),
        "en": ("The server's clock is right.",),
    },
    "speed_good": {
        "vi": ("Máy chủ đủ nhanh: {milliseconds} ms một câu hỏi.",),
        "en": ("The server is fast enough: {milliseconds} ms a question.",),
    },
    "records_good": {
        "vi": ("Đọc được tất cả {count} biểu ghi mẫu.",),
        "en": ("All {count} records of the sample can be read.",),
    },
    "text_good": {
        "vi": ("Chữ nguyên vẹn trong {count} biểu ghi mẫu.",),
        "en": ("The text of {count} records of the sample is whole.",),
    },
    "marc_good": {
        "vi": ("{count} biểu ghi mẫu đúng cấu trúc MARC 21.",),
        "en": ("{count} records of the sample keep to the structure of MARC 21.",),
    },
    "complete_good": {
        "vi": ("Biểu ghi đầy đủ: tác giả, nhà xuất bản, năm, ngôn ngữ, chủ đề, phân loại, ISBN.",),
        "en": ("Records are complete: author, publisher, year, language, subject, classification, ISBN.",),
    },
    "no_personal_data": {
        "vi": ("Không thấy dữ liệu cá nhân trong {count} biểu ghi mẫu.",),
        "en": ("No personal data seen in {count} records of the sample.",),
    },
}
