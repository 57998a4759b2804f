"""The sentences of what is wrong with files that publishers bring (:mod:`schemas.epub`, ``pdf``, ``csip``, ...)."""

SENTENCES: dict[str, dict[str, str]] = {
    "content_type": {
        "vi": "Nội dung tệp là {kind}, không phải xuất bản phẩm nhận ở đây. Hãy gửi EPUB, PDF, âm thanh (MP3, M4A, "
        "OGG, FLAC, WAV), lưu trữ web (WARC, WACZ), gói BagIt hay E-ARK.",
        "en": "The content of the file is {kind}, no publication that is taken here. Send EPUB, PDF, audio (MP3, M4A, "
        "OGG, FLAC, WAV), a web archive (WARC, WACZ), a BagIt or E-ARK package.",
    },
    "zip_members": {
        "vi": "Tệp nén có {count} tệp bên trong, nhiều nhất là {most}. Hãy chia nhỏ.",
        "en": "The archive has {count} members; {most} are the most. Divide it.",
    },
    "zip_bomb": {
        "vi": "Tệp bên trong «{name}» bung ra quá lớn. Hãy làm lại tệp.",
        "en": "The member “{name}” unpacks to too much. Make the file again.",
    },
    "zip_name": {
        "vi": "Tên tệp bên trong «{name}» dẫn ra ngoài hoặc không dùng được. Hãy đổi tên rồi làm lại tệp.",
        "en": "The name of the member “{name}” leads out or cannot be used. Rename it and make the file again.",
    },
    "zip_link": {
        "vi": "«{name}» bên trong là một liên kết. Hãy thay bằng chính tệp đó.",
        "en": "The member “{name}” is a link. Put the file itself there.",
    },
    "zip_twice": {
        "vi": "Có hai tệp bên trong cùng tên «{name}» (không kể hoa thường). Hãy bỏ bớt một.",
        "en": "Two members have the name “{name}” (capitals aside). Take one away.",
    },
    "zip_nested": {
        "vi": "Bên trong có tệp nén «{name}»; nội dung của nó không được xem.",
        "en": "There is an archive “{name}” inside; nobody looks into it.",
    },
    "zip_member": {
        "vi": "Không đọc được «{name}» bên trong ({detail}). Hãy làm lại tệp.",
        "en": "The member “{name}” cannot be read ({detail}). Make the file again.",
    },
    "zip_broken": {
        "vi": "Tệp nén hay EPUB hỏng ({detail}). Hãy xuất lại tệp.",
        "en": "The archive or EPUB is damaged ({detail}). Export it again.",
    },
    "epub_password": {
        "vi": "Tệp bên trong EPUB bị khóa mật khẩu. Hãy gửi bản không khóa.",
        "en": "Members of the EPUB have a password. Send it without.",
    },
    "epub_drm": {
        "vi": "EPUB có biện pháp kỹ thuật ngăn mở ({name}). Bản nộp phải mở được: hãy gửi bản không có DRM.",
        "en": "The EPUB has a technical protection ({name}). What is deposited must open: send it without DRM.",
    },
    "epub_container": {
        "vi": "EPUB thiếu META-INF/container.xml. Hãy xuất lại từ phần mềm dàn trang.",
        "en": "The EPUB lacks META-INF/container.xml. Export it again.",
    },
    "epub_package": {
        "vi": "EPUB thiếu tệp mô tả «{name}». Hãy xuất lại từ phần mềm dàn trang.",
        "en": "The EPUB lacks its package document “{name}”. Export it again.",
    },
    "epub_missing": {
        "vi": "EPUB kê «{name}» mà bên trong không có.",
        "en": "The EPUB lists “{name}”, which is not inside.",
    },
    "epub_script": {
        "vi": "EPUB có chương trình chạy bên trong (thấy ở «{name}»). Giữ nguyên, không bao giờ chạy ở đây.",
        "en": "The EPUB has scripts (seen in “{name}”). It is kept as it is and never run here.",
    },
    "epub_remote": {
        "vi": "EPUB lấy nội dung từ mạng (thấy ở «{name}»): phần ấy không nằm trong bản nộp.",
        "en": "The EPUB takes content from the network (seen in “{name}”): that part is not deposited.",
    },
    "epubcheck_error": {
        "vi": "EPUBCheck: {id}, «{place}»: {text}",
        "en": "EPUBCheck: {id}, “{place}”: {text}",
    },
    "epubcheck_none": {
        "vi": "Chưa kiểm tra được bằng EPUBCheck ({detail}).",
        "en": "EPUBCheck could not be run ({detail}).",
    },
    "pdf_before": {
        "vi": "Trước nội dung PDF có nội dung khác: tệp có thể là hai thứ cùng lúc. Hãy xuất lại PDF.",
        "en": "Something else stands before the PDF: the file may be two things at once. Export it again.",
    },
    "pdf_broken": {
        "vi": "Không mở được PDF ({detail}). Hãy xuất lại từ phần mềm dàn trang.",
        "en": "The PDF cannot be opened ({detail}). Export it again.",
    },
    "pdf_password": {
        "vi": "PDF đòi mật khẩu mới mở. Hãy gửi bản không khóa.",
        "en": "The PDF opens by a password only. Send it without.",
    },
    "pdf_restricted": {
        "vi": "PDF mở được nhưng bị hạn chế quyền (in, chép). Nên gửi bản không hạn chế.",
        "en": "The PDF opens but restricts what may be done (printing, copying). Better send it without.",
    },
    "pdf_pages": {"vi": "PDF không có trang nào. Hãy xuất lại.", "en": "The PDF has no page. Export it again."},
    "pdf_objects": {
        "vi": "PDF có {count} đối tượng, nhiều nhất là {most}. Hãy xuất lại cho gọn.",
        "en": "The PDF has {count} objects; {most} are the most. Export it again, smaller.",
    },
    "pdf_mended": {
        "vi": "PDF có chỗ hỏng mà phần mềm đọc phải đoán: {detail}",
        "en": "The PDF is damaged where readers must guess: {detail}",
    },
    "pdf_active": {
        "vi": "PDF có phần tự chạy hay tệp kèm ({what}). Giữ nguyên, không bao giờ chạy ở đây.",
        "en": "The PDF has something that acts by itself, or files in it ({what}). It is kept and never run here.",
    },
    "pdf_metadata": {"vi": "Không đọc được phần tự mô tả của PDF.", "en": "The PDF's metadata cannot be read."},
    "signature_invalid": {
        "vi": "Chữ ký số không đúng: nội dung đã bị sửa sau khi ký. Hãy ký lại rồi gửi.",
        "en": "The digital signature does not hold: the content was changed after it. Sign again and send it.",
    },
    "csip_must": {
        "vi": "{rule}: {place} thiếu hoặc sai ({value}). Xem earkcsip.dilcis.eu rồi làm lại gói.",
        "en": "{rule}: {place} is missing or wrong ({value}). See earkcsip.dilcis.eu and make the package again.",
    },
    "csip_should": {
        "vi": "{rule}: nên có {place} ({value}).",
        "en": "{rule}: {place} should be there ({value}).",
    },
}
