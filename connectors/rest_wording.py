"""The sentences of lists of records behind web APIs."""

SENTENCES: dict[str, dict[str, str]] = {
    "rest_unauthorized": {
        "vi": "«{url}» không chấp nhận đăng nhập (401): {text}. Hãy kiểm tra username và biến môi trường chứa mật khẩu"
        " (hoặc client_id), và hỏi đối tác đã bật cách đăng nhập này chưa.",
        "en": "“{url}” does not accept the login (401): {text}. Check username and the environment variable with the"
        " password (or client_id), and ask the partner whether this way of logging in is switched on.",
    },
    "rest_forbidden": {
        "vi": "Tài khoản không có quyền xem «{url}» (403): {text}. Hãy đề nghị đối tác cấp quyền xem mục lục.",
        "en": "The account may not see “{url}” (403): {text}. Ask the partner for the permission to see the catalog.",
    },
    "rest_not_found": {
        "vi": "Máy chủ không có «{url}» (404): {text}. Hãy kiểm tra địa chỉ và phiên bản phần mềm của đối tác.",
        "en": "The server has no “{url}” (404): {text}. Check the address and the version of the partner's software.",
    },
    "rest_refused": {
        "vi": "«{url}» từ chối câu hỏi ({status}): {text}. Hãy kiểm tra accept, params và since của nguồn.",
        "en": "“{url}” refuses the request ({status}): {text}. Check accept, params and since of the source.",
    },
    "rest_token_refused": {
        "vi": "«{url}» không cấp token ({status}): {text}. Hãy kiểm tra client_id, biến môi trường chứa khóa bí mật, và"
        " hỏi đối tác đã bật OAuth2 chưa.",
        "en": "“{url}” gives no token ({status}): {text}. Check client_id and the environment variable with the secret,"
        " and ask the partner whether OAuth2 is switched on.",
    },
    "rest_is_page": {
        "vi": "«{url}» trả lời bằng một trang web chứ không phải biểu ghi. Hãy kiểm tra địa chỉ API của đối tác.",
        "en": "“{url}” answers with a web page instead of records. Check the address of the partner's API.",
    },
    "rest_page_broken": {
        "vi": "Trang {page} của danh sách bị cắt cụt hoặc hỏng: {detail}. Không nhận phần nào; hãy thử lại sau.",
        "en": "Page {page} of the list is cut or broken: {detail}. Nothing of it was taken; try again later.",
    },
    "rest_page_short": {
        "vi": "Trang {page} chỉ có {received} biểu ghi, theo tổng số phải có {expected}. Lần sau sẽ hỏi lại từ cùng mốc"
        " thời gian; không biểu ghi nào bị coi là đã mất.",
        "en": "Page {page} has {received} records, by the total it must have {expected}. The next list starts at the"
        " same time again; no record is taken to be gone.",
    },
    "rest_one_by_one": {
        "vi": "Máy chủ không đưa được trang {page} trọn vẹn; đã hỏi từng biểu ghi, {failed} biểu ghi không lấy được.",
        "en": "The server cannot give page {page} as a whole; it was asked for record by record, {failed} could not be"
        " had.",
    },
    "rest_record_failing": {
        "vi": "Máy chủ báo lỗi khi đưa biểu ghi ở {place}. Hãy đề nghị đối tác xem lại biểu ghi này.",
        "en": "The server fails to give the record at {place}. Ask the partner to look at this record.",
    },
    "rest_no_id": {
        "vi": "Biểu ghi ở {place} không có trường {field} để làm mã định danh. Hãy báo cho đối tác, hoặc đổi id_field.",
        "en": "The record at {place} has no field {field} to name it by. Tell the partner, or change id_field.",
    },
    "rest_shifted": {
        "vi": "Danh sách đã thay đổi trong khi đọc (trang {page}); phần đó được đọc lại. Không biểu ghi nào bị coi là"
        " đã mất.",
        "en": "The list changed while it was read (page {page}); that part was read again. No record is taken to be"
        " gone.",
    },
    "rest_unstable": {
        "vi": "Danh sách thay đổi hơn {limit} lần trong khi đọc. Hãy chọn giờ vắng hơn; lần sau sẽ hỏi lại từ cùng mốc"
        " thời gian.",
        "en": "The list changed more than {limit} times while it was read. Choose a quieter hour; the next list starts"
        " at the same time again.",
    },
    "rest_size_ignored": {
        "vi": "Máy chủ không theo {param}: xin 1 biểu ghi, nhận {received}, nên không kiểm tra được danh sách có đứng"
        " yên không. Không biểu ghi nào bị coi là đã mất; hãy kiểm tra size_param.",
        "en": "The server ignores {param}: 1 record was asked for, {received} came, so whether the list stands still"
        " cannot be checked. No record is taken to be gone; check size_param.",
    },
    "rest_counts_differ": {
        "vi": "Nhận {received} biểu ghi khác nhau, máy chủ nói có {total}. Không biểu ghi nào bị coi là đã mất.",
        "en": "{received} different records came, the server says it has {total}. No record is taken to be gone.",
    },
    "rest_endless": {
        "vi": "Hơn {limit} trang liền không có biểu ghi mới (đến trang {page}): có lẽ máy chủ không theo {param}. Hãy"
        " kiểm tra page_param và first_page.",
        "en": "More than {limit} pages in a row had no new record (up to page {page}): perhaps the server ignores"
        " {param}. Check page_param and first_page.",
    },
    "rest_page_limit": {
        "vi": "Danh sách dài quá {limit} trang. Hãy tăng page_limit hoặc page_size nếu kho thật sự lớn như vậy.",
        "en": "The list has more than {limit} pages. Raise page_limit or page_size if the catalog is really that"
        " large.",
    },
    "rest_no_date": {
        "vi": "Máy chủ không cho biết giờ (tiêu đề Date); lần sau sẽ hỏi lại từ cùng mốc thời gian.",
        "en": "The server does not tell its time (header Date); the next list starts at the same time again.",
    },
    "rest_empty": {
        "vi": "«{url}» không có biểu ghi nào. Hãy kiểm tra địa chỉ và params, và hỏi đối tác.",
        "en": "“{url}” has no records. Check the address and params, and ask the partner.",
    },
    "rest_accept_missing": {
        "vi": "Khổ mẫu «{format}» không có kiểu nội dung định sẵn. Hãy khai báo accept.",
        "en": "The format “{format}” has no media type of its own. Set accept.",
    },
}
