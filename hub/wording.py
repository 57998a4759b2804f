"""The sentences of the problems of this layer: code → Vietnamese and English (see :mod:`schemas.wording`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "proxies_wrong": {
        "vi": "LIENTHONG_TRUSTED_PROXIES không đúng: {detail}. Hãy ghi địa chỉ hoặc mạng, cách nhau bằng dấu phẩy, ví"
        " dụ 127.0.0.1,10.0.0.0/8.",
        "en": "LIENTHONG_TRUSTED_PROXIES is wrong: {detail}. Write addresses or networks with commas between them, such"
        " as 127.0.0.1,10.0.0.0/8.",
    },
    "dump_running": {
        "vi": "Một tiến trình khác đang ghi dữ liệu ra {path}. Hãy đợi nó xong rồi chạy lại.",
        "en": "Another process is writing a dump to {path}. Wait for its end, then run this again.",
    },
    "dump_time": {
        "vi": "LIENTHONG_DUMP_AT không đúng: «{value}». Hãy ghi giờ và phút như 01:30, hoặc never.",
        "en": "LIENTHONG_DUMP_AT is wrong: “{value}”. Write hours and minutes such as 01:30, or never.",
    },
    "folder_not_ours": {
        "vi": "Thư mục {path} đã có và chứa thứ khác. Hãy chọn một thư mục chưa có.",
        "en": "The folder {path} is there and holds other things. Choose one that is not there yet.",
    },
    "email_url": {
        "vi": "LIENTHONG_EMAIL_URL không đúng (bắt đầu bằng «{start}»). Hãy ghi smtp://người-dùng:mật-khẩu@máy-chủ:587"
        " hoặc smtps://người-dùng:mật-khẩu@máy-chủ:465.",
        "en": "LIENTHONG_EMAIL_URL is wrong (it starts with “{start}”). Write smtp://user:password@host:587 or"
        " smtps://user:password@host:465.",
    },
    "email_wrong": {
        "vi": "«{email}» không phải là địa chỉ thư điện tử. Hãy xem lại.",
        "en": "“{email}” is not an e-mail address. Look at it again.",
    },
    "role_unknown": {
        "vi": "Không có vai trò «{role}». Các vai trò: {known}.",
        "en": "There is no role “{role}”. The roles are: {known}.",
    },
    "role_needs_library": {
        "vi": "Vai trò «{role}» chỉ dùng cho một thư viện. Hãy cho biết mã thư viện.",
        "en": "The role “{role}” is for one library. Give the library's code.",
    },
    "role_without_library": {
        "vi": "Vai trò «{role}» dùng cho cả mạng lưới, không ghi mã thư viện.",
        "en": "The role “{role}” is for the whole network; give no library.",
    },
    "library_code_unknown": {
        "vi": "Không có thư viện mang mã «{code}». Hãy xem mã ở trang Thư viện.",
        "en": "There is no library with the code “{code}”. See the codes on the page Libraries.",
    },
    "user_unknown": {
        "vi": "Không có tài khoản «{email}». Lệnh lienthong users list cho biết các tài khoản.",
        "en": "There is no account “{email}”. The command lienthong users list shows the accounts.",
    },
    "user_has_role": {
        "vi": "Tài khoản «{email}» đã có vai trò này.",
        "en": "The account “{email}” has this role already.",
    },
    "last_administrator": {
        "vi": "«{email}» là quản trị viên duy nhất còn lại. Hãy giao vai trò này cho người khác trước.",
        "en": "“{email}” is the last administrator. Give this role to somebody else first.",
    },
    "invitation_spent": {
        "vi": "Liên kết này đã dùng, đã hết hạn hoặc đã thu hồi. Hãy xin một liên kết mới.",
        "en": "This link has been used, has expired or was withdrawn. Ask for a new one.",
    },
    "account_closed": {
        "vi": "Tài khoản «{email}» đã đóng. Quản trị viên có thể mở lại.",
        "en": "The account “{email}” is closed. An administrator can open it again.",
    },
    "password_short": {
        "vi": "Mật khẩu cần ít nhất {least} ký tự. Một câu dễ nhớ là tốt nhất.",
        "en": "A password needs at least {least} characters. A sentence that is easy to remember is best.",
    },
    "password_common": {
        "vi": "Mật khẩu này nhiều người dùng nên dễ bị đoán. Hãy chọn mật khẩu khác.",
        "en": "Many people use this password, so it is guessed easily. Choose another one.",
    },
    "password_like_name": {
        "vi": "Mật khẩu này gần giống tên hoặc địa chỉ thư. Hãy chọn mật khẩu khác.",
        "en": "This password is much like the name or the e-mail address. Choose another one.",
    },
    "password_wrong": {
        "vi": "Mật khẩu hiện tại không đúng.",
        "en": "The present password is not right.",
    },
    "password_differs": {
        "vi": "Hai lần gõ mật khẩu không giống nhau.",
        "en": "The two passwords are not the same.",
    },
    "key_wrong": {
        "vi": "Khóa cần có tên, ít nhất một quyền mà chủ khóa đang có, và thời hạn từ 1 đến {most} ngày.",
        "en": "A key needs a name, at least one permission that its owner has, and a life of 1 to {most} days.",
    },
    "audit_missing": {
        "vi": "Nhật ký thiếu dòng {number}. Các dòng trước đó nguyên vẹn.",
        "en": "The audit trail has no row {number}. The rows before it are whole.",
    },
    "audit_changed": {
        "vi": "Dòng {number} của nhật ký đã bị sửa (người làm: {by}, việc: {act}). Các dòng trước đó nguyên vẹn.",
        "en": "Row {number} of the audit trail was changed (by: {by}, act: {act}). The rows before it are whole.",
    },
    "audit_rewritten": {
        "vi": "Nhật ký đã bị viết lại: dòng {number} không phải là dòng đã ký lúc {at}.",
        "en": "The audit trail was rewritten: row {number} is not the one that was signed at {at}.",
    },
    "audit_cut": {
        "vi": "Đoạn cuối của nhật ký đã bị cắt: từ dòng {number} trở đi không còn, trong khi đã có đến dòng {kept}.",
        "en": "The tail of the audit trail was cut off: row {number} and what follows are gone; there were {kept}.",
    },
    "audit_head_wrong": {
        "vi": "Tệp «{path}» không phải là đầu chuỗi nhật ký do hệ thống này ký.",
        "en": "The file “{path}” is not a head of the audit trail that this hub has signed.",
    },
    "source_busy": {
        "vi": "Nguồn «{source}» đang được {owner} thu hoạch. Hãy đợi lượt đó xong, hoặc thử lại sau 2 phút.",
        "en": "The source “{source}” is being harvested by {owner}. Wait for that run, or try again in 2 minutes.",
    },
    "lease_lost": {
        "vi": "Một lượt chạy khác đã tiếp quản nguồn «{source}»; lượt này dừng và không ghi gì thêm.",
        "en": "Another run has taken over the source “{source}”; this one stops and writes nothing more.",
    },
    "sources_folder_missing": {
        "vi": "Không có thư mục nguồn «{path}». Hãy tạo thư mục đó hoặc đặt biến LIENTHONG_SOURCES.",
        "en": "There is no folder of sources “{path}”. Make it, or set LIENTHONG_SOURCES.",
    },
    "source_unknown": {
        "vi": "Không có nguồn «{name}». Các nguồn hiện có: {known}.",
        "en": "There is no source “{name}”. The sources are: {known}.",
    },
    "truth_missing": {
        "vi": "Không có tệp sự thật «{path}». Hãy chỉ đúng tệp CSV.",
        "en": "There is no truth file “{path}”. Name the CSV file.",
    },
    "truth_columns": {
        "vi": "Tệp sự thật «{path}» có các cột: {found}. Cần cột library (hoặc source), identifier, cluster; thêm kind"
        " nếu biết.",
        "en": "The truth file “{path}” has the columns: {found}. It needs library (or source), identifier, cluster;"
        " kind is welcome.",
    },
    "truth_empty": {
        "vi": "Tệp sự thật «{path}» không có dòng nào đủ identifier và cluster. Hãy kiểm tra tệp.",
        "en": "The truth file “{path}” has no row with identifier and cluster. Check the file.",
    },
    "train_not_installed": {
        "vi": "Chưa cài Splink nên không học được điểm. Hãy chạy: pip install 'lienthong[train]'; hoặc học từ một tệp"
        " sự thật với --truth.",
        "en": "Splink is not installed, so no weights can be learned. Run: pip install 'lienthong[train]'; or learn"
        " from a truth file with --truth.",
    },
    "train_too_few": {
        "vi": "Kho mới có {pairs} cặp biểu ghi để học, cần ít nhất {least}. Hãy nhập thêm biểu ghi.",
        "en": "The catalog has only {pairs} pairs of records to learn from; at least {least} are needed. Import more"
        " records.",
    },
    "train_one_sided": {
        "vi": "Tệp sự thật chỉ có cặp cùng ấn phẩm, hoặc chỉ có cặp khác. Cần cả hai loại.",
        "en": "The truth has only pairs that are one publication, or only pairs that are not. Both are needed.",
    },
    "train_file_there": {
        "vi": "Đã có tệp «{path}». Hãy chọn tên khác, hoặc thêm --force để ghi đè.",
        "en": "The file “{path}” is there already. Choose another name, or add --force to write over it.",
    },
    "train_rules_in_force": {
        "vi": "«{path}» là tệp luật đang dùng; lệnh này không tự đổi luật. Hãy ghi ra tệp khác, xem lại rồi thay.",
        "en": "“{path}” holds the rules in force; this command never changes them by itself. Write another file, review"
        " it, then put it in place.",
    },
    "train_file_shape": {
        "vi": "Không viết lại được «{path}»: mỗi ngưỡng và mỗi trường của weights phải đứng trên một dòng. Hãy sắp lại"
        " tệp như bản gốc.",
        "en": "“{path}” cannot be written anew: each threshold and each field of weights must stand on one line. Lay"
        " the file out as it was.",
    },
    "config_not_utf8": {
        "vi": "Tệp «{path}» không phải văn bản UTF-8. Hãy lưu lại tệp với bảng mã UTF-8.",
        "en": "The file “{path}” is not UTF-8 text. Save it again as UTF-8.",
    },
    "yaml_broken": {
        "vi": "Tệp «{path}» sai cú pháp YAML ở dòng {line}: {detail}. Hãy sửa dòng đó.",
        "en": "The file “{path}” is not valid YAML at line {line}: {detail}. Mend that line.",
    },
    "yaml_not_mapping": {
        "vi": "Tệp «{path}» phải gồm các dòng «khóa: giá trị». Hãy xem ví dụ trong README.",
        "en": "The file “{path}” must hold lines of “key: value”. See the example in the README.",
    },
    "key_unknown": {
        "vi": "Tệp «{path}», dòng {line}: không có khóa «{key}». Các khóa hợp lệ: {known}.",
        "en": "File “{path}”, line {line}: there is no key “{key}”. The valid keys are: {known}.",
    },
    "drop_unknown": {
        "vi": "Tệp «{path}», dòng {line}: khổ mẫu {format} không bỏ được «{value}». Hãy viết như trong"
        ' docs/harvest_config.md: "952$x" cho MARC, "description.provenance" cho Dublin Core, "mods:note",'
        ' "onix:Contributor".',
        "en": "File “{path}”, line {line}: the format {format} cannot take out “{value}”. Write it as in"
        ' docs/harvest_config.md: "952$x" for MARC, "description.provenance" for Dublin Core, "mods:note",'
        ' "onix:Contributor".',
    },
    "key_missing": {
        "vi": "Tệp «{path}», dòng {line}: thiếu khóa «{key}». Hãy thêm khóa đó.",
        "en": "File “{path}”, line {line}: the key “{key}” is missing. Add it.",
    },
    "value_wrong": {
        "vi": "Tệp «{path}», dòng {line}: giá trị «{value}» của «{key}» không hợp lệ ({detail}). Hãy sửa giá trị đó.",
        "en": "File “{path}”, line {line}: the value “{value}” of “{key}” is not valid ({detail}). Mend it.",
    },
    "value_unknown": {
        "vi": "Tệp «{path}», dòng {line}: không có giá trị «{value}» cho «{key}». Hãy dùng một trong: {known}.",
        "en": "File “{path}”, line {line}: “{key}” cannot be “{value}”. Use one of: {known}.",
    },
    "value_not_code": {
        "vi": "Tệp «{path}», dòng {line}: mã «{value}» của «{key}» không hợp lệ. Mã chỉ gồm chữ cái không dấu, chữ số,"
        " dấu chấm, gạch nối và gạch dưới, dài nhất 40 ký tự.",
        "en": "File “{path}”, line {line}: the code “{value}” of “{key}” is not valid. A code has only the letters A to"
        " Z, digits, dots, hyphens and underscores, at most 40.",
    },
    "value_not_text": {
        "vi": "Tệp «{path}», dòng {line}: «{key}» phải là chữ, không phải «{value}». Hãy đặt giá trị trong dấu nháy.",
        "en": "File “{path}”, line {line}: “{key}” must be text, not “{value}”. Put the value between quotes.",
    },
    "value_not_number": {
        "vi": "Tệp «{path}», dòng {line}: «{key}» phải là số, không phải «{value}». Hãy sửa giá trị đó.",
        "en": "File “{path}”, line {line}: “{key}” must be a number, not “{value}”. Mend it.",
    },
    "value_not_true_or_false": {
        "vi": "Tệp «{path}», dòng {line}: «{key}» phải là true hoặc false, không phải «{value}». Hãy sửa giá trị đó.",
        "en": "File “{path}”, line {line}: “{key}” must be true or false, not “{value}”. Mend it.",
    },
    "value_not_mapping": {
        "vi": "Tệp «{path}», dòng {line}: «{key}» phải gồm các cặp «khóa: giá trị», không phải «{value}». Hãy xem ví dụ"
        " trong docs/harvest_config.md.",
        "en": "File “{path}”, line {line}: “{key}” must hold “key: value” pairs, not “{value}”. See the examples in"
        " docs/harvest_config.md.",
    },
    "value_not_cron": {
        "vi": 'Tệp «{path}», dòng {line}: lịch «{value}» không phải biểu thức cron gồm 5 phần. Ví dụ: "0 2 * * *" là'
        " 2 giờ sáng hằng ngày.",
        "en": "File “{path}”, line {line}: the schedule “{value}” is not a cron expression of 5 parts. For example"
        ' "0 2 * * *" is every day at 2 in the morning.',
    },
    "database_url": {
        "vi": "LIENTHONG_DATABASE_URL không hợp lệ (bắt đầu bằng «{start}»). Hãy ghi"
        " postgresql://người-dùng:mật-khẩu@máy:cổng/tên, hoặc bỏ biến này để dùng SQLite.",
        "en": "LIENTHONG_DATABASE_URL is not valid (it begins “{start}”). Write"
        " postgresql://user:password@host:port/name, or unset it to use SQLite.",
    },
    "time_zone_unknown": {
        "vi": "Không có múi giờ «{name}» (LIENTHONG_TIME_ZONE). Hãy dùng tên như Asia/Ho_Chi_Minh.",
        "en": "There is no time zone “{name}” (LIENTHONG_TIME_ZONE). Use a name such as Asia/Ho_Chi_Minh.",
    },
    "home_unusable": {
        "vi": "Không dùng được thư mục dữ liệu «{path}»: {detail}. Hãy kiểm tra quyền ghi hoặc đổi LIENTHONG_HOME.",
        "en": "The data folder “{path}” cannot be used: {detail}. Check the right to write, or set LIENTHONG_HOME.",
    },
    "source_resting": {
        "vi": "Nguồn «{source}» đang nghỉ đến {until}: {reason} Hãy đợi, hoặc chạy lại với --now khi máy chủ đã được"
        " sửa; giờ do chính máy chủ hẹn thì --now cũng đợi.",
        "en": "The source “{source}” rests until {until}: {reason} Wait, or run again with --now once the server is"
        " mended; a time that the server itself has named is waited for even so.",
    },
    "host_busy": {
        "vi": "Máy chủ {host} đang được thu hoạch bởi {limit} nguồn khác. Hãy chạy lại sau, hoặc tăng per_host.",
        "en": "{limit} other sources are being harvested from {host}. Run again later, or raise per_host.",
    },
    "sweep_unsupported": {
        "vi": "Nguồn «{source}» dùng kết nối «{connector}», không đối chiếu được danh sách mã. Hãy dùng --full.",
        "en": "The source “{source}” uses the connector “{connector}”, which cannot list identifiers alone."
        " Use --full.",
    },
    "sweep_not_given": {
        "vi": "{count} biểu ghi khác với kho nhưng xin riêng từng cái thì nguồn không đưa được; lượt đối chiếu sau xin"
        " lại. Hãy báo cho đối tác.",
        "en": "{count} records differ from what is stored, and the source could not give them when they were asked for"
        " alone; the next sweep asks again. Tell the partner.",
    },
    "sweep_many_missing": {
        "vi": "Danh sách mã của nguồn thiếu {count} biểu ghi đang có, nhiều hơn mức cho phép; đã đọc toàn bộ danh sách"
        " biểu ghi trước khi tin là chúng bị xóa.",
        "en": "The source's list of identifiers lacks {count} of the stored records, more than is allowed; the full"
        " list of records was read before any of them was believed to be gone.",
    },
    "sweep_short": {
        "vi": "Danh sách mã của nguồn bị thiếu nên không xóa gì; lượt đối chiếu sau sẽ xét lại. Hãy báo cho đối tác.",
        "en": "The source's list of identifiers is short, so nothing was removed; the next sweep looks again. Tell the"
        " partner.",
    },
    "removals_held": {
        "vi": "{count} trong {live} biểu ghi của nguồn bị báo xóa, nhiều hơn mức cho phép: chưa xóa gì. Hãy xem và"
        " quyết định: lienthong holds show {hold}.",
        "en": "{count} of the source's {live} records would be removed, more than its guard allows: nothing was"
        " removed. Look and decide: lienthong holds show {hold}.",
    },
    "removals_refused": {
        "vi": "{count} biểu ghi vắng trong danh sách của nguồn được giữ lại theo quyết định trước đó.",
        "en": "{count} records missing from the source's list are kept, as was decided before.",
    },
    "renaming_held": {
        "vi": "{count} trong {live} biểu ghi của nguồn có vẻ đã đổi mã định danh: chưa đổi gì. Hãy xem bảng đối chiếu"
        " và quyết định: lienthong holds show {hold}.",
        "en": "{count} of the source's {live} records seem to have new identifiers: nothing was changed. See the pairs"
        " and decide: lienthong holds show {hold}.",
    },
    "hold_nobody": {
        "vi": "Quyết định về mục chờ {hold} phải có tên người quyết định. Hãy thêm --by TÊN.",
        "en": "A decision about hold {hold} needs the name of the person. Add --by NAME.",
    },
    "hold_decided": {
        "vi": "Mục chờ {hold} đã được {by} quyết định rồi. Xem lienthong holds list.",
        "en": "Hold {hold} was already decided by {by}. See lienthong holds list.",
    },
    "hold_unknown": {
        "vi": "Không có mục chờ số {number}. Xem lienthong holds list.",
        "en": "There is no hold {number}. See lienthong holds list.",
    },
    "run_unknown": {
        "vi": "Không có lượt chạy số {number}. Số của lượt chạy có trên trang của nguồn.",
        "en": "There is no run {number}. The page of a source gives the numbers of its runs.",
    },
    "nothing_removed": {
        "vi": "Lượt {run} không xóa biểu ghi nào còn đang bị xóa, nên không có gì để khôi phục.",
        "en": "Run {run} removed no record that is still removed: there is nothing to bring back.",
    },
    "undo_nobody": {
        "vi": "Khôi phục lượt {run} phải có tên người quyết định. Hãy thêm --by TÊN.",
        "en": "To undo run {run} needs the name of the person. Add --by NAME.",
    },
    "repair_nobody": {
        "vi": "Nhận cách sửa phải có tên người quyết định. Hãy thêm --by TÊN, hoặc --dry-run để kiểm tra trước.",
        "en": "Accepting a repair needs the name of the person. Add --by NAME, or --dry-run to look first.",
    },
    "rejection_unknown": {
        "vi": "Không có biểu ghi cách ly số {number}. Xem lienthong quarantine list.",
        "en": "No rejected record has the number {number}. See lienthong quarantine list.",
    },
    "personal_data_removed": {
        "vi": "Đã bỏ {count} trường nội bộ có thể chứa dữ liệu cá nhân trước khi lưu: {fields}. Nên tắt các trường này"
        " khi xuất ở thư viện.",
        "en": "{count} local fields that may hold personal data were taken out before storing: {fields}. Better switch"
        " them off in the library's export.",
    },
    "nothing_readable": {
        "vi": "Nhận {count} biểu ghi mà không đọc được biểu ghi nào; byte gốc vẫn được giữ. Biểu ghi đầu: {reason}",
        "en": "Of {count} records none could be read; their bytes are kept. The first one: {reason}",
    },
    "nothing_read": {
        "vi": "Nhận {count} biểu ghi mà không đọc được biểu ghi nào; byte gốc vẫn được giữ trong cách ly.",
        "en": "Of {count} records none could be read; their bytes are kept in quarantine.",
    },
    "library_unknown": {
        "vi": "Chưa biết thư viện «{code}» của nguồn «{source}». Hãy ghi thêm tên (name: vi) của thư viện.",
        "en": "The library “{code}” of the source “{source}” is not known yet. Give its name (name: vi) as well.",
    },
    "nothing_received": {
        "vi": "Không nhận được biểu ghi nào. Hãy kiểm tra nguồn: lượt chạy này không được tính là thành công.",
        "en": "No record was received. Check the source: this run does not count as a success.",
    },
    "list_incomplete": {
        "vi": "Danh sách của nguồn dừng giữa chừng. Lần chạy sau sẽ tiếp tục từ trang cuối đã lưu.",
        "en": "The source's list ended before its end. The next run goes on after the last stored page.",
    },
    "disk_full": {
        "vi": "Hết chỗ trên đĩa khi ghi vào «{path}». Hãy giải phóng chỗ rồi chạy lại; các trang đã lưu vẫn nguyên.",
        "en": "The disk of “{path}” is full. Free some space and run again; the pages stored so far are safe.",
    },
    "database_unreachable": {
        "vi": "Không dùng được cơ sở dữ liệu: {detail}. Hãy kiểm tra LIENTHONG_DATABASE_URL hoặc LIENTHONG_HOME.",
        "en": "The database cannot be used: {detail}. Check LIENTHONG_DATABASE_URL or LIENTHONG_HOME.",
    },
    "workers_not_a_number": {
        "vi": "LIENTHONG_WORKERS là «{value}», phải là một số, ví dụ 2. Hãy sửa biến môi trường đó.",
        "en": "LIENTHONG_WORKERS is “{value}”; it must be a number such as 2. Mend that environment variable.",
    },
    "copies_lost": {
        "vi": "Số bản sách không khớp khi gộp: các nguồn có {before}, mục lục liên hợp có {after}. Đã dừng xuất bản.",
        "en": "Copies do not add up after the merge: sources hold {before}, the union catalog {after}. Not published.",
    },
    "format_read_only": {
        "vi": "Khổ mẫu «{name}» chỉ đọc được, không xuất được. Các khổ mẫu xuất được có trong docs/formats.md.",
        "en": "The format “{name}” can be read but not written. docs/formats.md lists those that can be written.",
    },
    "value_not_place": {
        "vi": "Tệp «{path}», dòng {line}: «{value}» của «{key}» không phải chỗ trong MARC 21."
        " Ví dụ: 245$a, 650 #4$a, 001.",
        "en": "File “{path}”, line {line}: “{value}” of “{key}” is no place in MARC 21. For example:"
        " 245$a, 650 #4$a, 001.",
    },
    "holdings_without_004": {
        "vi": "Biểu ghi vốn tài liệu không có trường 004 nên không biết thuộc biểu ghi thư mục nào. Hãy bổ sung 004"
        " (số kiểm soát của biểu ghi thư mục) ở nguồn.",
        "en": "The holdings record has no field 004, so nobody knows which bibliographic record it belongs to. Add the"
        " 004 (that record's control number) at the source.",
    },
    "record_unreadable": {
        "vi": "Không đọc được biểu ghi ({detail}). Byte gốc vẫn được giữ; hãy xuất lại biểu ghi từ phần mềm thư viện.",
        "en": "The record cannot be read ({detail}). Its bytes are kept; export it from the library system again.",
    },
    "record_unknown": {
        "vi": "Không có biểu ghi «{id}». Hãy viết LT-0000123, NGUỒN:MÃ hoặc THƯ-VIỆN:MÃ; mã có trên trang của biểu"
        " ghi.",
        "en": "There is no record “{id}”. Write LT-0000123, SOURCE:IDENTIFIER or LIBRARY:IDENTIFIER; the record's page"
        " has them.",
    },
    "record_gone": {
        "vi": "Biểu ghi liên hợp {id} không còn trong mục lục và không có biểu ghi nào thay nó.",
        "en": "The union record {id} is no longer in the catalog, and no other stands for it.",
    },
    "record_not_live": {
        "vi": "Biểu ghi «{id}» không ở trong mục lục (trạng thái {state}), nên không có gì để giải thích.",
        "en": "The record “{id}” is not in the catalog (state {state}): there is nothing to explain.",
    },
    "record_ambiguous": {
        "vi": "«{id}» là mã của nhiều biểu ghi. Hãy ghi rõ nguồn: {known}.",
        "en": "“{id}” names several records. Name the source: {known}.",
    },
    "record_same": {
        "vi": "«{first}» và «{second}» là một. Hãy cho hai biểu ghi khác nhau, hoặc chỉ một.",
        "en": "“{first}” and “{second}” are one and the same. Give two different ones, or one alone.",
    },
    "library_not_there": {
        "vi": "Không có thư viện «{code}». Các thư viện hiện có: {known}.",
        "en": "There is no library “{code}”. There are: {known}.",
    },
    "decision_nobody": {
        "vi": "Quyết định về hai biểu ghi phải có tên người quyết định.",
        "en": "A decision about two records needs the name of the person.",
    },
    "title_generic_already": {
        "vi": "Nhan đề «{title}» đã nằm trong danh sách nhan đề quá chung.",
        "en": "The title “{title}” is in the list of titles that say too little already.",
    },
    "decision_unknown": {
        "vi": "Không có quyết định số {number} còn hiệu lực.",
        "en": "There is no decision {number} that counts.",
    },
    "versions_kept": {
        "vi": "{count} biểu ghi có bản mới không đọc được: bản trước vẫn ở trong mục lục, bản mới nằm trong cách ly.",
        "en": "The new versions of {count} records cannot be read: those before stay in the catalog, the new ones wait"
        " in quarantine.",
    },
    "column_missing": {
        "vi": "Trong tệp không có cột «{name}». Các cột của tệp: {headings}. Hãy ghi đúng tiêu đề, hoặc chữ cái của"
        " cột.",
        "en": "The file has no column “{name}”. Its columns: {headings}. Write the heading as it is there, or the"
        " column's letter.",
    },
    "source_exists": {
        "vi": "Đã có nguồn «{name}» ({path}). Hãy chọn tên khác, hoặc sửa tệp đó.",
        "en": "There is a source “{name}” already ({path}). Choose another name, or edit that file.",
    },
    "doctor_busy": {
        "vi": "Đang khám những máy chủ khác, hoặc máy chủ này vừa được khám xong. Xin thử lại sau ít phút.",
        "en": "Other servers are being examined, or this one was a moment ago. Please try again in some minutes.",
    },
    "correction_unknown": {
        "vi": "Không có bản sửa số {number} còn hiệu lực. Xem lienthong corrections list.",
        "en": "No correction {number} is in force. See lienthong corrections list.",
    },
    "correction_nobody": {
        "vi": "Bản sửa phải có tên người sửa. Hãy thêm --by TÊN.",
        "en": "A correction needs the name of the person. Add --by NAME.",
    },
    "correction_empty": {
        "vi": "Biểu ghi phải có nhan đề. Hãy nhập nhan đề rồi lưu lại.",
        "en": "A record needs a title. Enter it and save again.",
    },
    "units_unreadable": {
        "vi": "Không đọc được bảng đơn vị hành chính: {detail}. Khổ mẫu của bảng ở docs/network.md.",
        "en": "The table of administrative units cannot be read: {detail}. Its format is in docs/network.md.",
    },
    "place_outside": {
        "vi": "Ngày {day} không có đơn vị «{unit}». Hãy chọn ngày trong thời gian đơn vị ấy tồn tại, hoặc đơn vị khác.",
        "en": "There was no unit “{unit}” on {day}. Choose a day on which it was there, or another unit.",
    },
    "unit_not_chosen": {
        "vi": "Chưa chọn đơn vị hành chính. Hãy chọn một đơn vị trong danh sách.",
        "en": "No administrative unit was chosen. Choose one from the list.",
    },
    "day_wrong": {
        "vi": "«{value}» không phải là ngày. Hãy ghi năm-tháng-ngày, ví dụ 2026-07-01.",
        "en": "“{value}” is no day. Write year-month-day, such as 2026-07-01.",
    },
    "upload_not_last": {
        "vi": "Sau tệp này đã có tệp khác cùng loại được nhập. Hãy hoàn tác tệp sau trước.",
        "en": "Another file of this kind was imported after this one. Undo the later one first.",
    },
}
