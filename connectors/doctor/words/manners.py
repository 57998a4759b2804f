"""The server's manners (errors, XML, compression, clock, speed, Identify) in words: :mod:`connectors.doctor.words`."""

from __future__ import annotations

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "response_date": {
        "vi": (
            "Giờ trả lời (responseDate) thiếu hoặc không phải giờ UTC: «{written}».",
            "Trung tâm lấy giờ này làm mốc cho lượt sau; không có thì lượt nào cũng phải hỏi lại từ mốc cũ.",
            "Ghi responseDate dạng 2026-01-31T08:15:00Z theo giờ UTC.",
        ),
        "en": (
            "The time of the answer (responseDate) is missing or not UTC: “{written}”.",
            "The next harvest starts at this time; without it every harvest starts at the old one.",
            "Write responseDate as 2026-01-31T08:15:00Z in UTC.",
        ),
    },
    "clock_ahead": {
        "vi": (
            "Đồng hồ máy chủ chạy trước {minutes} ({written}).",
            "Thay đổi trong khoảng ấy bị bỏ sót: lượt sau bắt đầu từ một giờ chưa tới.",
            "Đồng bộ đồng hồ (NTP). Chênh khoảng 7 giờ là giờ Việt Nam bị ghi nhầm thành giờ UTC.",
        ),
        "en": (
            "The server's clock is {minutes} ahead ({written}).",
            "Changes within that time are missed: the next harvest starts at an hour that has not come yet.",
            "Set the clock (NTP). Some 7 hours mean that Vietnamese time is written as UTC.",
        ),
    },
    "gzip_cut": {
        "vi": (
            "Câu trả lời nén (gzip) bị cắt cụt; không nén thì nhận được đủ.",
            "Phần mềm thu hoạch không kiểm tra sẽ mất nửa trang mà không biết. Trung tâm hỏi lại không nén, chậm hơn.",
            "Xem mod_deflate hoặc nginx gzip; thường do Content-Length tính trước khi nén.",
        ),
        "en": (
            "A packed answer (gzip) was cut; unpacked it came whole.",
            "Harvesters that do not check lose half a page without knowing. The hub asks again unpacked, which is"
            " slower.",
            "Check mod_deflate or nginx gzip; often Content-Length is counted before packing.",
        ),
    },
    "flaky": {
        "vi": (
            "Một câu hỏi phải hỏi lần thứ hai mới được trả lời. {problem}",
            "Thu hoạch được, nhưng chậm hơn; nếu xảy ra nhiều, lượt thu hoạch sẽ dừng giữa chừng.",
            "Xem nhật ký lỗi vào đúng giờ ghi trong thư này.",
        ),
        "en": (
            "A question had to be asked twice. {problem}",
            "It can be harvested, but slowly; if it happens often, harvests stop on the way.",
            "Look into the error log at the time of this letter.",
        ),
    },
    "slow": {
        "vi": (
            "Máy chủ chậm: thường mất {milliseconds} ms một câu hỏi, thu hoạch cả kho mất chừng {hours} giờ.",
            "Lượt đầu kéo dài qua đêm; các lượt hằng ngày sau đó chỉ lấy thay đổi nên nhẹ hơn.",
            "Tăng số biểu ghi mỗi trang (Koha: OAI-PMH:MaxCount, mặc định 50), lập chỉ mục cho cột ngày sửa.",
        ),
        "en": (
            "The server is slow: {milliseconds} ms a question, some {hours} hours for a whole harvest.",
            "The first harvest takes more than a night; daily ones afterwards take changes only.",
            "Give more records a page (Koha: OAI-PMH:MaxCount, 50 by default); index the column of the date of change.",
        ),
    },
    "declared_encoding": {
        "vi": (
            "XML khai bảng mã {written}; chuẩn OAI-PMH bắt buộc UTF-8.",
            "Nếu chữ thật ra là UTF-8, trung tâm nhận ra và đọc đúng; phần mềm khác thấy chữ lạ.",
            'Ghi encoding="UTF-8" ở dòng đầu và xuất chữ bằng UTF-8.',
        ),
        "en": (
            "The XML declares the encoding {written}; OAI-PMH demands UTF-8.",
            "Where the text is UTF-8 after all the hub notices and reads it right; others see strange letters.",
            'Write encoding="UTF-8" in the first line and export UTF-8.',
        ),
    },
    "charset": {
        "vi": (
            "Tiêu đề HTTP nói bảng mã {written}, nhưng chữ là UTF-8.",
            "Trung tâm đọc theo XML nên không sao; phần mềm khác thấy chữ lạ.",
            "Gửi Content-Type: text/xml; charset=UTF-8.",
        ),
        "en": (
            "The HTTP header says the encoding is {written}, but the text is UTF-8.",
            "The hub goes by the XML and is not affected; others see strange letters.",
            "Send Content-Type: text/xml; charset=UTF-8.",
        ),
    },
    "content_type": {
        "vi": (
            "Kiểu nội dung là «{written}» thay vì text/xml.",
            "Trung tâm vẫn đọc; vài phần mềm từ chối.",
            "Gửi Content-Type: text/xml; charset=UTF-8.",
        ),
        "en": (
            "The content type is “{written}” in place of text/xml.",
            "The hub reads it; some software refuses.",
            "Send Content-Type: text/xml; charset=UTF-8.",
        ),
    },
    "namespace": {
        "vi": (
            "Câu trả lời không khai không gian tên OAI-PMH 2.0.",
            "Trung tâm vẫn đọc; phần mềm khác tưởng là trang trống.",
            'Ghi xmlns="http://www.openarchives.org/OAI/2.0/" ở phần tử OAI-PMH.',
        ),
        "en": (
            "The answer does not declare the namespace of OAI-PMH 2.0.",
            "The hub reads it; to others the page looks empty.",
            'Write xmlns="http://www.openarchives.org/OAI/2.0/" on the element OAI-PMH.',
        ),
    },
    "byte_order_mark": {
        "vi": (
            "Câu trả lời bắt đầu bằng dấu BOM trước dòng <?xml.",
            "Trung tâm bỏ qua; phần mềm cũ báo lỗi XML.",
            "Lưu tệp mã nguồn của trang OAI-PMH bằng UTF-8 không BOM.",
        ),
        "en": (
            "The answer starts with a byte order mark before <?xml.",
            "The hub skips it; old software reports broken XML.",
            "Save the source files of the OAI-PMH page as UTF-8 without BOM.",
        ),
    },
    "printed_around": {
        "vi": (
            "Trước hoặc sau tài liệu XML còn có thứ khác (dòng trống, thông báo lỗi của PHP…).",
            "Trung tâm bỏ phần thừa; phần mềm khác báo lỗi XML và không nhận trang nào.",
            "Tắt display_errors của PHP, bỏ dòng trống trước <?php và sau ?> trong các tệp mã nguồn.",
        ),
        "en": (
            "Something stands before or after the XML document (a blank line, an error message of PHP, …).",
            "The hub leaves it out; other software reports broken XML and takes no page.",
            "Turn off display_errors of PHP, and take out blank lines before <?php and after ?> in the source files.",
        ),
    },
    "no_dublin_core": {
        "vi": (
            "Không có khổ mẫu oai_dc mà chuẩn bắt buộc (máy chủ có: {names}).",
            "Trung tâm không cần; nơi khác có thể không thu hoạch được.",
            "Thêm oai_dc (Koha: thêm vào tệp của OAI-PMH:ConfFile).",
        ),
        "en": (
            "The format oai_dc, which the standard demands, is missing (the server has: {names}).",
            "The hub does not need it; others may not be able to harvest.",
            "Add oai_dc (Koha: to the file of OAI-PMH:ConfFile).",
        ),
    },
    "errors_wrong": {
        "vi": (
            "{count} câu hỏi cố ý sai không được báo lỗi đúng chuẩn (cần → nhận được): {cases}.",
            "Khi có trục trặc thật, phần mềm thu hoạch hiểu nhầm nguyên nhân.",
            "Báo cho nhà cung cấp phần mềm danh sách này (OAI-PMH 2.0, mục 3.6).",
        ),
        "en": (
            "{count} questions that are wrong on purpose do not get the error of the standard (wanted → came):"
            " {cases}.",
            "When something really goes wrong, harvesters mistake the cause.",
            "Give this list to the maker of the software (OAI-PMH 2.0, section 3.6).",
        ),
    },
    "error_status": {
        "vi": (
            "Lỗi OAI-PMH được gửi kèm mã HTTP {status} thay vì 200.",
            "Trung tâm hiểu cả hai; vài phần mềm coi đó là máy chủ hỏng.",
            "Gửi lỗi của giao thức với HTTP 200.",
        ),
        "en": (
            "Errors of OAI-PMH come with the HTTP status {status} in place of 200.",
            "The hub understands both; some software takes the server for broken.",
            "Send errors of the protocol with HTTP 200.",
        ),
    },
    "no_post": {
        "vi": (
            "Không trả lời khi hỏi bằng POST (nhận được: {got}).",
            "Trung tâm hỏi bằng GET nên không sao; chuẩn yêu cầu cả hai.",
            "Cho phép POST dạng application/x-www-form-urlencoded ở cùng địa chỉ.",
        ),
        "en": (
            "POST is not answered (what came: {got}).",
            "The hub asks by GET and is not affected; the standard demands both.",
            "Take POST of application/x-www-form-urlencoded at the same address.",
        ),
    },
    "clock_behind": {
        "vi": (
            "Đồng hồ máy chủ chạy chậm {minutes} ({written}).",
            "Không mất gì: lượt sau bắt đầu sớm hơn cần thiết.",
            "Đồng bộ đồng hồ (NTP).",
        ),
        "en": (
            "The server's clock is {minutes} behind ({written}).",
            "Nothing is lost: the next harvest starts earlier than it need.",
            "Set the clock (NTP).",
        ),
    },
    "base_url": {
        "vi": (
            "Identify nói địa chỉ của kho là {written}, khác với địa chỉ đã hỏi {asked}.",
            "Người khác lấy địa chỉ này từ Identify sẽ không tới được.",
            "Ghi đúng baseURL. DSpace: oai.url trong local.cfg; phần mềm khác: địa chỉ công khai của trang.",
        ),
        "en": (
            "Identify says that the repository is at {written}, not at {asked} where it was asked.",
            "Whoever takes the address from Identify does not get here.",
            "Write the right baseURL. DSpace: oai.url in local.cfg; other software: the public address of the site.",
        ),
    },
    "moved": {
        "vi": (
            "Địa chỉ này chuyển hướng sang {url}.",
            "Mỗi câu hỏi tốn thêm một lượt; khi chuyển hướng mất đi thì thu hoạch dừng.",
            "Báo địa chỉ mới cho trung tâm để ghi vào tệp nguồn.",
        ),
        "en": (
            "This address redirects to {url}.",
            "Each question takes a second one; when the redirect goes, harvests stop.",
            "Tell the hub the new address for the source file.",
        ),
    },
    "plain_http": {
        "vi": (
            "Địa chỉ là http, không bảo mật.",
            "Ai ở giữa đường truyền cũng có thể sửa biểu ghi.",
            "Bật https (Let's Encrypt miễn phí) rồi báo địa chỉ mới cho trung tâm.",
        ),
        "en": (
            "The address is plain http.",
            "Anybody on the way can change records.",
            "Enable https (Let's Encrypt is free) and tell the hub the new address.",
        ),
    },
    "admin_email": {
        "vi": (
            "Thư điện tử của người quản trị (adminEmail) thiếu hoặc sai: {email}.",
            "Có trục trặc thì không biết báo cho ai.",
            "Ghi một hộp thư có người đọc. Koha: tham số KohaAdminEmailAddress.",
        ),
        "en": (
            "The administrator's e-mail address (adminEmail) is missing or wrong: {email}.",
            "When something goes wrong nobody can be told.",
            "Write an address that somebody reads. Koha: system preference KohaAdminEmailAddress.",
        ),
    },
    "repository_name": {
        "vi": (
            "Kho không có tên (repositoryName).",
            "Không mất gì.",
            "Ghi tên thư viện.",
        ),
        "en": (
            "The repository has no name (repositoryName).",
            "Nothing is lost.",
            "Write the library's name.",
        ),
    },
    "identify_incomplete": {
        "vi": (
            "Identify thiếu: {names}.",
            "Trung tâm phải đoán; phần mềm khác có thể dừng.",
            "Bổ sung các phần tử ấy (OAI-PMH 2.0, mục 4.2).",
        ),
        "en": (
            "Identify lacks: {names}.",
            "The hub has to guess; others may stop.",
            "Add these elements (OAI-PMH 2.0, section 4.2).",
        ),
    },
    "no_gzip": {
        "vi": (
            "Câu trả lời không được nén dù được phép.",
            "Tốn đường truyền gấp năm đến mười lần.",
            "Bật nén cho text/xml (Apache: mod_deflate, nginx: gzip_types text/xml).",
        ),
        "en": (
            "Answers are not packed although they might be.",
            "They take five to ten times as much of the line.",
            "Enable compression of text/xml (Apache: mod_deflate, nginx: gzip_types text/xml).",
        ),
    },
    "not_examined": {
        "vi": (
            "Chưa khám hết: thời gian hoặc số câu hỏi dành cho một lần khám đã hết.",
            "Thư này có thể còn thiếu.",
            "Khám lại vào lúc máy chủ rảnh.",
        ),
        "en": (
            "Not everything could be examined: the time or the questions of one visit were used up.",
            "This letter may lack something.",
            "Examine again when the server is less busy.",
        ),
    },
}
