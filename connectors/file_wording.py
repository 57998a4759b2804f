"""The sentences of problems with files, here, on web servers and on SFTP servers (see :mod:`schemas.wording`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "file_denied": {
        "vi": "Không có quyền đọc «{path}». Hãy cấp quyền đọc cho người dùng chạy Lienthong.",
        "en": "“{path}” may not be read. Give the user who runs Lienthong the right to read it.",
    },
    "file_unreadable": {
        "vi": "Không đọc được tệp «{path}»: {detail}. Hãy kiểm tra ổ đĩa và quyền đọc.",
        "en": "The file “{path}” cannot be read: {detail}. Check the disk and the right to read.",
    },
    "file_empty": {
        "vi": "Tệp «{path}» rỗng (0 byte). Hãy gửi lại tệp.",
        "en": "The file “{path}” is empty (0 bytes). Send it again.",
    },
    "file_no_records": {
        "vi": "Không tìm thấy biểu ghi nào trong tệp «{path}». Hãy kiểm tra tệp và khổ mẫu đã chọn.",
        "en": "No record was found in the file “{path}”. Check the file and the chosen format.",
    },
    "file_growing": {
        "vi": "Tệp «{path}» mới thay đổi chưa đầy {seconds} giây, có thể đang được ghi; lần sau sẽ đọc.",
        "en": "The file “{path}” changed less than {seconds} seconds ago and may still be written; it is left for the"
        " next run.",
    },
    "file_changed": {
        "vi": "Tệp «{path}» thay đổi trong khi đang đọc. Hãy chạy lại khi tệp đã ghi xong.",
        "en": "The file “{path}” changed while it was read. Run again when it is written.",
    },
    "file_cut": {
        "vi": "Tệp nén «{path}» bị cắt cụt hoặc hỏng: {detail}. Hãy gửi lại tệp.",
        "en": "The packed file “{path}” is cut or broken: {detail}. Send it again.",
    },
    "file_bomb": {
        "vi": "Tệp nén «{path}» vượt giới hạn {limit} khi giải nén nên bị từ chối vì lý do an toàn. Hãy chia nhỏ tệp.",
        "en": "The packed file “{path}” unpacks to more than {limit} and is refused for safety. Split it.",
    },
    "file_not_done": {
        "vi": "Tệp «{path}» chưa có tệp «{marker}» báo đã ghi xong; lần sau sẽ đọc.",
        "en": "The file “{path}” waits for the file “{marker}” that says it is whole; it is left for the next run.",
    },
    "file_outside": {
        "vi": "«{path}» là liên kết trỏ ra ngoài thư mục nên không được đọc. Hãy đặt chính tệp đó vào thư mục.",
        "en": "“{path}” is a link that leads out of the folder and is not read. Put the file itself there.",
    },
    "file_too_large": {
        "vi": "Tệp «{path}» có {size} byte, quá giới hạn {limit}. Hãy tăng max_bytes hoặc đề nghị đối tác chia nhỏ"
        " tệp.",
        "en": "The file “{path}” has {size} bytes, more than the limit of {limit}. Raise max_bytes or ask the partner"
        " to split it.",
    },
    "file_not_kept": {
        "vi": "Không ghi được bản tạm của «{path}»: {detail}. Hãy giải phóng chỗ trong thư mục tạm của máy.",
        "en": "The temporary copy of “{path}” cannot be written: {detail}. Free some space in the machine's temporary"
        " folder.",
    },
    "full_waits": {
        "vi": "Bản đầy đủ chưa được đọc vì còn {count} tệp chưa sẵn sàng; lần sau sẽ đọc tất cả.",
        "en": "The full copy was not read because {count} of its files are not ready; the next run reads all of them.",
    },
    "full_doubtful": {
        "vi": "Bản đầy đủ có {count} biểu ghi hỏng, không rõ mã định danh, nên không biểu ghi nào bị coi là đã mất. Hãy"
        " đề nghị đối tác sửa các biểu ghi bị cách ly.",
        "en": "The full copy has {count} broken records without an identifier, so no record was taken to be gone. Ask"
        " the partner to mend the rejected records.",
    },
    "deletions_too_long": {
        "vi": "Danh sách mã cần xóa dài quá {limit} byte. Hãy chia nhỏ tệp.",
        "en": "The list of identifiers to delete is longer than {limit} bytes. Split the file.",
    },
    "deletion_not_identifier": {
        "vi": "Trong danh sách cần xóa, {place} («{start}») không phải một mã định danh. Hãy ghi mỗi dòng một mã.",
        "en": "In the list of deletions, {place} (“{start}”) is not an identifier. Write one identifier a line.",
    },
    "download_is_page": {
        "vi": "«{url}» trả lời bằng một trang web chứ không phải tệp. Hãy mở địa chỉ này trong trình duyệt để kiểm"
        " tra.",
        "en": "“{url}” answers with a web page instead of a file. Open the address in a browser to check it.",
    },
    "secret_missing": {
        "vi": "Biến môi trường «{name}» chưa có giá trị. Hãy đặt mật khẩu vào biến này rồi chạy lại.",
        "en": "The environment variable “{name}” is not set. Put the password into it and run again.",
    },
    "sftp_no_login": {
        "vi": "Nguồn chưa có cách đăng nhập SFTP. Hãy khai báo password_env hoặc key_file.",
        "en": "The source has no way to log in to SFTP. Set password_env or key_file.",
    },
    "sftp_key_file": {
        "vi": "Không dùng được khóa «{path}»: {detail}. Hãy kiểm tra tệp khóa và passphrase_env.",
        "en": "The key “{path}” cannot be used: {detail}. Check the key file and passphrase_env.",
    },
    "sftp_key_open": {
        "vi": "Người khác trên máy cũng đọc được khóa «{path}». Hãy chạy: chmod 600 «{path}»",
        "en": "Others on this machine may read the key “{path}”. Run: chmod 600 “{path}”",
    },
    "sftp_host_key_missing": {
        "vi": "Nguồn chưa khai báo host_key. Máy chủ {host} cổng {port} trình khóa {kind}, dấu vân tay {fingerprint}."
        " Hãy hỏi đối tác; nếu đúng, ghi vào host_key: «{fingerprint}»",
        "en": "The source has no host_key. The server {host} at port {port} offers a key {kind} with the fingerprint"
        " {fingerprint}. Ask the partner; if it is right, set host_key: “{fingerprint}”",
    },
    "sftp_host_key_wrong": {
        "vi": "Máy chủ {host} cổng {port} trình khóa {kind}, dấu vân tay {fingerprint}, khác host_key đã khai báo."
        " Chưa gửi mật khẩu. Hãy hỏi đối tác có đổi khóa không trước khi sửa host_key.",
        "en": "The server {host} at port {port} offers a key {kind} with the fingerprint {fingerprint}, which is not"
        " the host_key of the source. No password was sent. Ask the partner whether the key has changed before you edit"
        " host_key.",
    },
    "sftp_denied": {
        "vi": "Máy chủ SFTP {host} không cho «{user}» đăng nhập. Hãy kiểm tra tên, mật khẩu hoặc khóa với đối tác.",
        "en": "The SFTP server {host} does not let “{user}” log in. Check name, password or key with the partner.",
    },
    "sftp_failed": {
        "vi": "Kết nối SFTP với {host} bị ngắt: {detail}. Lần thu hoạch sau sẽ đi tiếp; nếu lặp lại, hãy báo cho đối"
        " tác.",
        "en": "The SFTP connection to {host} broke: {detail}. The next harvest goes on; if this repeats, tell the"
        " partner.",
    },
    "sftp_timeout": {
        "vi": "Máy chủ SFTP {host} không trả lời trong {seconds} giây. Hãy thử lại sau hoặc báo cho đối tác.",
        "en": "The SFTP server {host} did not answer within {seconds} seconds. Try again later or tell the partner.",
    },
    "sftp_deadline": {
        "vi": "Tải «{path}» chưa xong sau {seconds} giây. Hãy thử lại sau hoặc tăng deadline.",
        "en": "Fetching “{path}” was not done after {seconds} seconds. Try again later or raise deadline.",
    },
    "file_name_refused": {
        "vi": "Máy chủ đưa một tên tệp không an toàn, «{name}», nên tệp này không được đọc. Hãy báo cho đối tác.",
        "en": "The server gives an unsafe file name, “{name}”; the file is not read. Tell the partner.",
    },
}
