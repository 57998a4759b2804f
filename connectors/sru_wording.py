"""The sentences of problems with SRU servers (see :mod:`schemas.wording`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "sru_not_sru": {
        "vi": "Câu trả lời không phải SRU; nó bắt đầu bằng: «{start}». Hãy kiểm tra địa chỉ SRU của đối tác.",
        "en": "The answer is not SRU; it begins: “{start}”. Check the partner's SRU address.",
    },
    "sru_no_answer": {
        "vi": "Máy chủ SRU trả lời bằng {element} chứ không phải điều được hỏi. Hãy kiểm tra url và version của nguồn.",
        "en": "The SRU server answers with {element} and not what was asked. Check url and version of the source.",
    },
    "sru_cut": {
        "vi": "Trang SRU từ biểu ghi {place} bị cắt cụt hoặc hỏng nặng. Không nhận phần nào; hãy thử lại sau.",
        "en": "The SRU page from record {place} on is cut or too broken to read. Nothing of it was taken; try again"
        " later.",
    },
    "sru_busy": {
        "vi": "Máy chủ SRU {host} tạm thời không phục vụ được (chẩn đoán {number}: {message}). Hãy thử lại sau.",
        "en": "The SRU server {host} cannot serve for the moment (diagnostic {number}: {message}). Try again later.",
    },
    "sru_login": {
        "vi": "Máy chủ SRU {host} không cho vào (chẩn đoán {number}: {message}). Hãy đề nghị đối tác mở quyền cho địa"
        " chỉ của máy này.",
        "en": "The SRU server {host} does not let us in (diagnostic {number}: {message}). Ask the partner to admit"
        " this machine's address.",
    },
    "sru_version": {
        "vi": "Máy chủ SRU {host} không nói phiên bản được hỏi (chẩn đoán {number}: {message}). Hãy đặt version: auto.",
        "en": "The SRU server {host} does not speak the version asked for (diagnostic {number}: {message}). Set"
        " version: auto.",
    },
    "sru_parameter": {
        "vi": "Máy chủ SRU {host} không nhận một tham số (chẩn đoán {number}: {message}). Hãy kiểm tra version,"
        " record_schema và page_size của nguồn.",
        "en": "The SRU server {host} refuses a parameter (diagnostic {number}: {message}). Check version,"
        " record_schema and page_size of the source.",
    },
    "sru_database": {
        "vi": "Máy chủ SRU {host} không có cơ sở dữ liệu này (chẩn đoán {number}: {message}). Hãy kiểm tra url: tên"
        " cơ sở dữ liệu thường ở cuối địa chỉ.",
        "en": "The SRU server {host} does not have this database (diagnostic {number}: {message}). Check url: the"
        " database's name usually ends the address.",
    },
    "sru_query_refused": {
        "vi": "Máy chủ SRU {host} không hiểu câu hỏi (chẩn đoán {number}: {message}). Hãy kiểm tra query và"
        " slices.index của nguồn, hoặc hỏi đối tác câu CQL nào tìm tất cả.",
        "en": "The SRU server {host} does not understand the query (diagnostic {number}: {message}). Check query and"
        " slices.index of the source, or ask the partner which CQL query finds everything.",
    },
    "sru_gone": {
        "vi": "Máy chủ SRU {host} không còn giữ kết quả tìm (chẩn đoán {number}: {message}). Hãy thử lại sau.",
        "en": "The SRU server {host} no longer has the result set (diagnostic {number}: {message}). Try again later.",
    },
    "sru_limited": {
        "vi": "Máy chủ SRU {host} giới hạn số biểu ghi của một kết quả tìm (chẩn đoán {number}: {message}). Hãy khai"
        " báo max_records và slices.",
        "en": "The SRU server {host} limits how many records one result set gives (diagnostic {number}: {message})."
        " Set max_records and slices.",
    },
    "sru_schema_refused": {
        "vi": "Máy chủ SRU {host} không đưa biểu ghi theo lược đồ được hỏi (chẩn đoán {number}: {message}). Hãy đổi"
        " record_schema, và format cho khớp.",
        "en": "The SRU server {host} does not give records in the schema asked for (diagnostic {number}: {message})."
        " Change record_schema, and format to fit.",
    },
    "sru_schema_unknown": {
        "vi": "Máy chủ không có lược đồ «{schema}». Hãy đặt record_schema là một trong: {known}.",
        "en": "The server does not have the schema “{schema}”. Set record_schema to one of: {known}.",
    },
    "sru_schema_missing": {
        "vi": "Khổ mẫu «{format}» không có lược đồ SRU quen dùng. Hãy khai báo record_schema.",
        "en": "The format “{format}” has no usual SRU schema. Set record_schema.",
    },
    "sru_diagnostic": {
        "vi": "Máy chủ SRU {host} báo lỗi: chẩn đoán {number}, {message}. Hãy báo cho đối tác.",
        "en": "The SRU server {host} reports an error: diagnostic {number}, {message}. Tell the partner.",
    },
    "sru_record_refused": {
        "vi": "Máy chủ không đưa được biểu ghi ở {place} (chẩn đoán {number}: {message}). Hãy đề nghị đối tác sửa"
        " biểu ghi này.",
        "en": "The server cannot give the record at {place} (diagnostic {number}: {message}). Ask the partner to mend"
        " it.",
    },
    "sru_record_broken": {
        "vi": "Biểu ghi ở {place} sai cú pháp XML: {detail}. Hãy đề nghị đối tác sửa biểu ghi này.",
        "en": "The record at {place} is not well-formed XML: {detail}. Ask the partner to mend it.",
    },
    "sru_other_schema": {
        "vi": "Biểu ghi ở {place} đến theo lược đồ «{schema}» chứ không phải «{asked}» như đã hỏi. Hãy đổi"
        " record_schema và format của nguồn.",
        "en": "The record at {place} came in the schema “{schema}” instead of “{asked}”, which was asked for. Change"
        " record_schema and format of the source.",
    },
    "sru_no_record": {
        "vi": "Ở {place} máy chủ đưa dữ liệu không có biểu ghi nào. Hãy kiểm tra record_schema và format của nguồn.",
        "en": "At {place} the server gave data without a record. Check record_schema and format of the source.",
    },
    "sru_empty": {
        "vi": "Máy chủ SRU không có biểu ghi nào khớp query; không biểu ghi nào bị coi là đã mất. Hãy kiểm tra query"
        " và hỏi đối tác.",
        "en": "The SRU server has no record that fits query; no record was taken to be gone. Check query and ask the"
        " partner.",
    },
    "sru_gives_nothing": {
        "vi": "Máy chủ SRU tìm thấy {hits} biểu ghi nhưng không đưa biểu ghi nào ({message}). Hãy kiểm tra"
        " record_schema, hoặc báo cho đối tác.",
        "en": "The SRU server finds {hits} records but gives none ({message}). Check record_schema, or tell the"
        " partner.",
    },
    "sru_too_many": {
        "vi": "Máy chủ tìm thấy {hits} biểu ghi nhưng mỗi kết quả tìm chỉ đưa {limit}. Hãy khai báo slices để đọc"
        " theo từng khoảng.",
        "en": "The server finds {hits} records but gives only {limit} of one result set. Set slices to read them in"
        " ranges.",
    },
    "sru_repeats": {
        "vi": "Sau biểu ghi {place} trên {hits} máy chủ đưa lại đúng các biểu ghi đầu: nó không lật trang được"
        " (startRecord). Hãy báo cho đối tác; hoặc tăng page_size, hoặc đặt max_records là {place} và khai báo"
        " slices.",
        "en": "After record {place} of {hits} the server gives the first records again: it cannot turn pages"
        " (startRecord). Tell the partner; or raise page_size, or set max_records to {place} and slices.",
    },
    "sru_unstable": {
        "vi": "Danh sách thay đổi quá {limit} lần trong khi đọc. Hãy thu hoạch vào giờ máy chủ không nhập liệu.",
        "en": "The list changed more than {limit} times while it was read. Harvest at an hour when nobody edits.",
    },
    "sru_slice_uncounted": {
        "vi": "Máy chủ không cho biết khoảng {slice} có bao nhiêu biểu ghi (numberOfRecords) nên không đọc theo"
        " khoảng được. Hãy bỏ slices hoặc báo cho đối tác.",
        "en": "The server does not say how many records the range {slice} has (numberOfRecords), so nothing can be"
        " read in ranges. Leave slices out or tell the partner.",
    },
    "sru_uncounted": {
        "vi": "Máy chủ không cho biết có bao nhiêu biểu ghi (numberOfRecords); đã đọc đến khi hết, và không biểu ghi"
        " nào bị coi là đã mất.",
        "en": "The server does not say how many records there are (numberOfRecords); they were read until no more"
        " came, and no record was taken to be gone.",
    },
    "sru_inexact": {
        "vi": "Máy chủ nói số biểu ghi ({hits}) chỉ là ước lượng (resultCountPrecision); không biểu ghi nào bị coi là"
        " đã mất.",
        "en": "The server says that its number of records ({hits}) is only an estimate (resultCountPrecision); no"
        " record was taken to be gone.",
    },
    "sru_warned": {
        "vi": "Máy chủ đưa biểu ghi kèm cảnh báo: chẩn đoán {number}, {message}. Hãy hỏi đối tác nếu thiếu biểu ghi.",
        "en": "The server gave records with a warning: diagnostic {number}, {message}. Ask the partner if records are"
        " missing.",
    },
    "sru_salvaged": {
        "vi": "Trang đến biểu ghi {place} sai cú pháp XML: {count} biểu ghi hỏng được giữ riêng, các biểu ghi khác"
        " vẫn được nhận.",
        "en": "The page up to record {place} is not well-formed XML: {count} broken records were set aside, the"
        " others were taken.",
    },
    "sru_changed": {
        "vi": "Số biểu ghi thay đổi khi đã đọc {place} (trước {before}, nay {now}); không biểu ghi nào bị coi là đã"
        " mất.",
        "en": "The number of records changed when {place} were read (before {before}, now {now}); no record was taken"
        " to be gone.",
    },
    "sru_restarted": {
        "vi": "Danh sách đã thay đổi khi đọc đến biểu ghi {place} nên được đọc lại từ đầu, không mất gì.",
        "en": "The list had changed when {place} records were read, so it was read from its beginning again; nothing"
        " is lost.",
    },
    "sru_more": {
        "vi": "Máy chủ báo {hits} biểu ghi nhưng đưa nhiều hơn; đã đọc đến khi hết, và không biểu ghi nào bị coi là"
        " đã mất.",
        "en": "The server announced {hits} records and gave more; they were read until no more came, and no record"
        " was taken to be gone.",
    },
    "sru_unproven": {
        "vi": "Đã nhận đủ {hits} biểu ghi máy chủ báo, nhưng hỏi xem còn nữa không thì máy chủ gặp lỗi; không biểu"
        " ghi nào bị coi là đã mất.",
        "en": "All {hits} records the server announced came, but it failed when asked whether there are more; no"
        " record was taken to be gone.",
    },
    "sru_skipped": {
        "vi": "Sau biểu ghi {place} máy chủ không đưa gì và chỉ sang biểu ghi {following} (nextRecordPosition); không"
        " biểu ghi nào bị coi là đã mất.",
        "en": "After record {place} the server gave nothing and pointed to record {following} (nextRecordPosition);"
        " no record was taken to be gone.",
    },
    "sru_stopped": {
        "vi": "Máy chủ báo {hits} biểu ghi nhưng không đưa gì sau biểu ghi {place} ({message}); không biểu ghi nào bị"
        " coi là đã mất. Nếu máy chủ giới hạn kết quả tìm, hãy đặt max_records là {place} và khai báo slices.",
        "en": "The server announced {hits} records but gives none after record {place} ({message}); no record was"
        " taken to be gone. If it limits its result sets, set max_records to {place} and slices.",
    },
    "sru_stuck": {
        "vi": "Sau biểu ghi {place} trên {hits} máy chủ chỉ đưa lại biểu ghi cũ; đã dừng ở đó, và không biểu ghi nào"
        " bị coi là đã mất. Hãy báo cho đối tác.",
        "en": "After record {place} of {hits} the server only gave old records again; reading stopped there, and no"
        " record was taken to be gone. Tell the partner.",
    },
    "sru_short": {
        "vi": "Nhận được {received} biểu ghi khác nhau, ít hơn {announced} mà máy chủ báo; không biểu ghi nào bị coi"
        " là đã mất. Nếu lặp lại, hãy báo cho đối tác.",
        "en": "{received} different records came, fewer than the {announced} the server announced; no record was"
        " taken to be gone. If this repeats, tell the partner.",
    },
    "sru_round": {
        "vi": "Máy chủ báo đúng {announced} biểu ghi, có thể chỉ vì nó ngừng đếm ở đó; không biểu ghi nào bị coi là"
        " đã mất. Nếu đó là giới hạn của máy chủ, hãy khai báo max_records và slices.",
        "en": "The server announced just {announced} records, perhaps because it stops counting there; no record was"
        " taken to be gone. If that is its limit, set max_records and slices.",
    },
    "sru_slices_short": {
        "vi": "Các khoảng có {received} biểu ghi khác nhau, ít hơn {announced} mà máy chủ báo; không biểu ghi nào bị"
        " coi là đã mất. Hãy kiểm tra slices của nguồn.",
        "en": "The slices have {received} different records, fewer than the {announced} the server announced; no"
        " record was taken to be gone. Check slices of the source.",
    },
    "sru_rest_refused": {
        "vi": "Máy chủ SRU {host} không tìm được phần nằm ngoài các khoảng (chẩn đoán {number}: {message}); không"
        " biểu ghi nào bị coi là đã mất.",
        "en": "The SRU server {host} cannot search for what is in no range (diagnostic {number}: {message}); no"
        " record was taken to be gone.",
    },
}
