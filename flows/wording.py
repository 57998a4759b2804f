"""The sentences of the problems of this layer: code → Vietnamese and English (see :mod:`schemas.wording`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "port_in_use": {
        "vi": "Cổng {port} trên máy này đang được dùng. Hãy đóng chương trình kia hoặc chọn cổng khác.",
        "en": "Port {port} of this machine is in use. Close the other program or choose another port.",
    },
    "system_error": {
        "vi": "Hệ điều hành từ chối: {detail}. Hãy kiểm tra quyền và đường dẫn rồi chạy lại.",
        "en": "The operating system refused: {detail}. Check the permissions and the path, then run again.",
    },
    "unexpected": {
        "vi": "Có lỗi không lường trước ({detail}). Chi tiết ở «{path}»; dữ liệu đã lưu vẫn nguyên vẹn.",
        "en": "Something unforeseen went wrong ({detail}). Particulars are in “{path}”; what was stored is safe.",
    },
    "folder_missing": {
        "vi": "Không có thư mục «{path}». Hãy tạo thư mục đó trước.",
        "en": "There is no folder “{path}”. Make it first.",
    },
    "server_did_not_start": {
        "vi": "{name} không khởi động được trong {seconds} giây. Xem nhật ký ở «{path}».",
        "en": "{name} did not start within {seconds} seconds. See the log in “{path}”.",
    },
}
