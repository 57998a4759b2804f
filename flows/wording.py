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
    "file_is_folder": {
        "vi": "«{path}» là thư mục, không phải tệp. Hãy chỉ rõ tệp cần nhập, hoặc khai báo một nguồn kiểu files.",
        "en": "“{path}” is a folder, not a file. Name the file to import, or set up a source of files.",
    },
    "library_code": {
        "vi": "Mã thư viện «{code}» không hợp lệ. Mã chỉ gồm chữ cái không dấu, chữ số, dấu chấm, gạch nối và gạch"
        " dưới, dài nhất 40 ký tự.",
        "en": "The library code “{code}” is not valid. A code has only the letters A to Z, digits, dots, hyphens and"
        " underscores, at most 40.",
    },
    "columns_option": {
        "vi": 'Lựa chọn --columns «{value}» không đúng. Hãy ghi --columns "Tiêu đề cột=trường"; các trường: {known}.',
        "en": 'The option --columns “{value}” is not right. Write --columns "Heading=field"; the fields: {known}.',
    },
    "columns_no_table": {
        "vi": "Khổ mẫu «{format}» không phải bảng nên không có cột hay trang tính. Hãy bỏ --columns và --sheet.",
        "en": "The format “{format}” is no table: it has no columns and no sheets. Leave out --columns and --sheet.",
    },
    "source_name": {
        "vi": "Tên nguồn «{name}» không hợp lệ. Tên chỉ gồm chữ cái không dấu, chữ số, dấu chấm, gạch nối và gạch dưới,"
        " dài nhất 40 ký tự.",
        "en": "The name of a source “{name}” is not valid. It has only the letters A to Z, digits, dots, hyphens and"
        " underscores, at most 40.",
    },
    "source_of_another": {
        "vi": "Trong kho đã có nguồn «{name}» của thư viện {library}. Hãy chọn tên khác.",
        "en": "The store has a source “{name}” already, of the library {library}. Choose another name.",
    },
    "kind_unknown": {
        "vi": "Không có loại thư viện «{kind}». Hãy dùng một trong: {known}.",
        "en": "There is no kind of library “{kind}”. Use one of: {known}.",
    },
    "folder_missing": {
        "vi": "Không có thư mục «{path}». Hãy tạo thư mục đó trước.",
        "en": "There is no folder “{path}”. Make it first.",
    },
    "z3950_gateway_missing": {
        "vi": "Máy này chưa có cổng Z39.50. Hãy cài rồi chạy lại: apt-get install -y {package}.",
        "en": "The Z39.50 gateway is not on this machine. Install it, then run again: apt-get install -y {package}.",
    },
    "z3950_gateway_ended": {
        "vi": "Cổng Z39.50 đã tự dừng. Xem nhật ký ở «{path}».",
        "en": "The Z39.50 gateway ended by itself. See the log in “{path}”.",
    },
    "server_did_not_start": {
        "vi": "{name} không khởi động được trong {seconds} giây. Xem nhật ký ở «{path}».",
        "en": "{name} did not start within {seconds} seconds. See the log in “{path}”.",
    },
}
