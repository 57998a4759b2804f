"""The sentences of problems with Z39.50 servers (see :mod:`schemas.wording`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "z3950_library_missing": {
        "vi": "Máy này chưa có thư viện YAZ ({library}) để nói chuyện bằng Z39.50. Hãy cài: apt-get install libyaz5.",
        "en": "The YAZ library ({library}), which speaks Z39.50, is not on this machine. Install it: apt-get install"
        " libyaz5.",
    },
    "z3950_timeout": {
        "vi": "Máy chủ Z39.50 {host} không trả lời trong {seconds} giây. Hãy thử lại sau, báo cho đối tác hoặc tăng"
        " deadline.",
        "en": "The Z39.50 server {host} did not answer within {seconds} seconds. Try again later, tell the partner or"
        " raise deadline.",
    },
    "z3950_lost": {
        "vi": "Kết nối Z39.50 tới {host} bị đứt: {detail}. Lần thu hoạch sau sẽ tiếp tục; nếu lặp lại, hãy báo cho đối"
        " tác.",
        "en": "The Z39.50 connection to {host} broke: {detail}. The next harvest goes on; if this repeats, tell the"
        " partner.",
    },
    "z3950_web_server": {
        "vi": "{host} cổng {port} là một máy chủ web, không phải máy chủ Z39.50. Hãy kiểm tra port, hoặc dùng"
        " connector: sru nếu đối tác có SRU.",
        "en": "{host} at port {port} is a web server, not a Z39.50 server. Check port, or use connector: sru if the"
        " partner has SRU.",
    },
    "z3950_busy": {
        "vi": "Máy chủ Z39.50 {host} tạm thời không phục vụ được (chẩn đoán {number}: {message}). Hãy thử lại sau.",
        "en": "The Z39.50 server {host} cannot serve for the moment (diagnostic {number}: {message}). Try again later.",
    },
    "z3950_login": {
        "vi": "Máy chủ Z39.50 {host} không cho vào (chẩn đoán {number}: {message}). Hãy kiểm tra username và"
        " password_env, hoặc đề nghị đối tác mở quyền cho địa chỉ của máy này.",
        "en": "The Z39.50 server {host} does not let us in (diagnostic {number}: {message}). Check username and"
        " password_env, or ask the partner to admit this machine's address.",
    },
    "z3950_database": {
        "vi": "Máy chủ Z39.50 {host} không mở được cơ sở dữ liệu (chẩn đoán {number}: {message}). Hãy kiểm tra database"
        " của nguồn.",
        "en": "The Z39.50 server {host} cannot open the database (diagnostic {number}: {message}). Check database of"
        " the source.",
    },
    "z3950_query_refused": {
        "vi": "Máy chủ Z39.50 {host} không hiểu câu hỏi (chẩn đoán {number}: {message}). Hãy kiểm tra query và"
        " slices.index của nguồn, hoặc hỏi đối tác máy chủ có những thuộc tính Bib-1 nào.",
        "en": "The Z39.50 server {host} does not understand the query (diagnostic {number}: {message}). Check query and"
        " slices.index of the source, or ask the partner which Bib-1 attributes it knows.",
    },
    "z3950_syntax_refused": {
        "vi": "Máy chủ Z39.50 {host} không đưa biểu ghi theo cách được hỏi (chẩn đoán {number}: {message}). Hãy đổi"
        " syntax hoặc element_set, và format cho khớp.",
        "en": "The Z39.50 server {host} does not give records as asked for (diagnostic {number}: {message}). Change"
        " syntax or element_set, and format to fit.",
    },
    "z3950_limited": {
        "vi": "Máy chủ Z39.50 {host} giới hạn số biểu ghi của một kết quả tìm (chẩn đoán {number}: {message}). Hãy khai"
        " báo max_records và slices.",
        "en": "The Z39.50 server {host} limits how many records one result set gives (diagnostic {number}: {message})."
        " Set max_records and slices.",
    },
    "z3950_diagnostic": {
        "vi": "Máy chủ Z39.50 {host} báo lỗi: chẩn đoán {number}, {message}. Hãy báo cho đối tác.",
        "en": "The Z39.50 server {host} reports an error: diagnostic {number}, {message}. Tell the partner.",
    },
    "z3950_short": {
        "vi": "Máy chủ Z39.50 {host} không đưa biểu ghi thứ {place} mà nó đã tìm thấy. Lần thu hoạch sau sẽ tiếp tục từ"
        " đó; nếu lặp lại, hãy giảm page_size hoặc báo cho đối tác.",
        "en": "The Z39.50 server {host} does not give record {place}, which it has found. The next harvest goes on"
        " there; if this repeats, lower page_size or tell the partner.",
    },
    "z3950_record_refused": {
        "vi": "Máy chủ không đưa được biểu ghi ở {place} (chẩn đoán {number}: {message}). Hãy đề nghị đối tác sửa biểu"
        " ghi này.",
        "en": "The server cannot give the record at {place} (diagnostic {number}: {message}). Ask the partner to mend"
        " it.",
    },
    "z3950_other_syntax": {
        "vi": "Biểu ghi ở {place} đến theo cú pháp {syntax} chứ không phải {asked} như đã hỏi. Hãy đổi syntax và format"
        " của nguồn.",
        "en": "The record at {place} came in the syntax {syntax} instead of {asked}, which was asked for. Change syntax"
        " and format of the source.",
    },
    "z3950_no_record": {
        "vi": "Ở {place} máy chủ đưa dữ liệu không có biểu ghi nào. Hãy kiểm tra syntax, element_set và format của"
        " nguồn.",
        "en": "At {place} the server gave data without a record. Check syntax, element_set and format of the source.",
    },
    "z3950_empty": {
        "vi": "Cơ sở dữ liệu «{database}» không có biểu ghi nào khớp query. Hãy kiểm tra query và hỏi đối tác.",
        "en": "The database “{database}” has no record that fits query. Check query and ask the partner.",
    },
    "z3950_too_many": {
        "vi": "Máy chủ tìm thấy {hits} biểu ghi nhưng mỗi kết quả tìm chỉ đưa {limit}. Hãy khai báo slices để đọc theo"
        " từng khoảng.",
        "en": "The server finds {hits} records but gives only {limit} of one result set. Set slices to read them in"
        " ranges.",
    },
    "z3950_rest_refused": {
        "vi": "Máy chủ Z39.50 {host} không tìm được phần nằm ngoài các khoảng (chẩn đoán {number}: {message}); không"
        " biểu ghi nào bị coi là đã mất.",
        "en": "The Z39.50 server {host} cannot search for what is in no range (diagnostic {number}: {message}); no"
        " record was taken to be gone.",
    },
    "z3950_slices_short": {
        "vi": "Các khoảng có tổng cộng {counted} biểu ghi, ít hơn {total} biểu ghi mà máy chủ báo; không biểu ghi nào"
        " bị coi là đã mất. Hãy kiểm tra slices của nguồn.",
        "en": "The slices have {counted} records together, fewer than the {total} the server announced; no record was"
        " taken to be gone. Check slices of the source.",
    },
    "z3950_changed": {
        "vi": "Kết quả tìm đã thay đổi khi đọc đến biểu ghi {place} (trước {before}, nay {now} biểu ghi); đã đọc lại từ"
        " đầu, không mất gì.",
        "en": "The result set changed when {place} records were read (before {before}, now {now} records); it was read"
        " from its beginning again and nothing is lost.",
    },
    "z3950_unstable": {
        "vi": "Kết quả tìm thay đổi quá {limit} lần trong khi đọc. Hãy thu hoạch vào giờ máy chủ không nhập liệu.",
        "en": "The result set changed more than {limit} times while it was read. Harvest at an hour when nobody edits.",
    },
}
