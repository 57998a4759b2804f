"""The sentences of the problems of this layer: code → Vietnamese and English (see :mod:`schemas.wording`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "connector_unknown": {
        "vi": "Không có cách kết nối «{name}». Hãy dùng một trong: {known}.",
        "en": "There is no connector “{name}”. Use one of: {known}.",
    },
    "http_url": {
        "vi": "Địa chỉ «{url}» không dùng được. Hãy ghi địa chỉ http:// hoặc https:// đầy đủ, không kèm tên người dùng,"
        " ở cổng thông dụng.",
        "en": "The address “{url}” cannot be used. Give a whole http:// or https:// address without a user name,"
        " at a usual port.",
    },
    "http_port": {
        "vi": "Máy chủ «{host}» ở cổng {port}, không phải cổng thông dụng của web (80, 443, 8080, 8443). Nếu đúng là"
        " máy chủ của đối tác, hãy đặt allow_private: true cho nguồn này.",
        "en": "The server “{host}” is at port {port}, which is not a usual port of the web (80, 443, 8080, 8443). If it"
        " is the partner's server, set allow_private: true for this source.",
    },
    "http_redirect": {
        "vi": "«{url}» chuyển hướng sang máy chủ khác, «{target}»; không đi theo. Hãy hỏi đối tác rồi sửa url của"
        " nguồn, hoặc thêm {host} vào redirect_hosts.",
        "en": "“{url}” redirects to another host, “{target}”, which was not followed. Ask the partner, then correct the"
        " url of the source, or add {host} to its redirect_hosts.",
    },
    "http_redirect_plain": {
        "vi": "«{url}» chuyển hướng từ https sang «{target}» không mã hóa; không đi theo. Hãy báo cho đối tác.",
        "en": "“{url}” redirects from https to “{target}”, which is not encrypted; it was not followed. Tell the"
        " partner.",
    },
    "http_moved": {
        "vi": "«{url}» đã chuyển hẳn sang «{target}». Hãy sửa url của nguồn.",
        "en": "“{url}” has moved for good to “{target}”. Correct the url of the source.",
    },
    "http_no_host": {
        "vi": "Không tìm thấy máy chủ «{host}» trên mạng. Hãy kiểm tra tên máy chủ và đường truyền.",
        "en": "The server “{host}” was not found. Check its name and the network.",
    },
    "http_private": {
        "vi": "Máy chủ «{host}» cổng {port} nằm ở địa chỉ nội bộ {address} nên không được kết nối. Nếu đúng là máy chủ"
        " của thư viện, hãy đặt allow_private: true cho nguồn này.",
        "en": "The server “{host}” at port {port} has the private address {address} and is not connected to. If it is a"
        " library's own server, set allow_private: true for this source.",
    },
    "http_unreachable": {
        "vi": "Không kết nối được với {host} cổng {port}: {detail}. Hãy hỏi đối tác xem máy chủ có đang chạy không.",
        "en": "No connection to {host} at port {port}: {detail}. Ask the partner whether the server is running.",
    },
    "http_timeout": {
        "vi": "Máy chủ {host} không trả lời trong {seconds} giây. Hãy thử lại sau hoặc báo cho đối tác.",
        "en": "The server {host} did not answer within {seconds} seconds. Try again later or tell the partner.",
    },
    "http_deadline": {
        "vi": "Máy chủ {host} trả lời quá chậm, chưa xong sau {seconds} giây. Hãy thử lại sau hoặc tăng deadline.",
        "en": "The server {host} answers too slowly and was not done after {seconds} seconds. Try again later or raise"
        " deadline.",
    },
    "http_cut": {
        "vi": "Câu trả lời của {host} bị cắt giữa chừng: {detail}. Không nhận phần nào; hãy thử lại sau.",
        "en": "The answer of {host} was cut: {detail}. Nothing of it was taken; try again later.",
    },
    "http_tls": {
        "vi": "Chứng chỉ TLS của {host} không hợp lệ: {detail}. Hãy đề nghị đối tác gia hạn chứng chỉ, hoặc khai báo"
        " ca_file nếu họ có nơi cấp riêng.",
        "en": "The TLS certificate of {host} is not valid: {detail}. Ask the partner to renew it, or set ca_file if"
        " they have an authority of their own.",
    },
    "http_tls_waived": {
        "vi": "Chứng chỉ TLS của {host} không hợp lệ ({detail}); được tạm chấp nhận đến hết {until} (tls_waiver_until)."
        " Hãy nhắc đối tác thay chứng chỉ.",
        "en": "The TLS certificate of {host} does not hold ({detail}); it is put up with until the end of {until}"
        " (tls_waiver_until). Remind the partner to renew it.",
    },
    "http_tls_waiver_over": {
        "vi": "Chứng chỉ TLS của {host} không hợp lệ ({detail}) và hạn tạm chấp nhận đã hết ngày {until}. Hãy nhắc đối"
        " tác thay chứng chỉ; không gửi hay nhận gì qua đường truyền này.",
        "en": "The TLS certificate of {host} does not hold ({detail}), and the time it was put up with ended on"
        " {until}. Remind the partner to renew it; nothing was sent or received.",
    },
    "run_limit": {
        "vi": "Lượt chạy đã kéo dài {hours} giờ (run_limit) nên dừng ở đây; những gì đã nhận được giữ nguyên, lượt sau"
        " tiếp tục từ chỗ này.",
        "en": "The run has lasted {hours} hours (run_limit) and ends here; what came is kept, and the next run goes on"
        " from this place.",
    },
    "http_redirects": {
        "vi": "«{url}» chuyển hướng quá {limit} lần. Hãy hỏi đối tác địa chỉ đúng.",
        "en": "“{url}” redirects more than {limit} times. Ask the partner for the right address.",
    },
    "http_encoding": {
        "vi": "Máy chủ nén câu trả lời theo cách không được yêu cầu («{encoding}»). Hãy báo cho đối tác.",
        "en": "The server packs its answer in a way nobody asked for (“{encoding}”). Tell the partner.",
    },
    "http_too_long": {
        "vi": "Câu trả lời dài quá {limit} byte. Hãy đề nghị đối tác giảm số biểu ghi mỗi trang, hoặc tăng max_bytes.",
        "en": "The answer is longer than {limit} bytes. Ask the partner for fewer records a page, or raise max_bytes.",
    },
    "http_bomb": {
        "vi": "Câu trả lời nén quá {ratio} lần nên bị từ chối vì lý do an toàn. Hãy báo cho đối tác.",
        "en": "The answer is packed more than {ratio} times and is refused for safety. Tell the partner.",
    },
    "availability_wrong": {
        "vi": "Phần mềm của thư viện trả lời điều không đọc được: {detail}. Hãy xem lại availability.url của nguồn.",
        "en": "The library's system answers what cannot be read: {detail}. Look at availability.url of the source.",
    },
    "http_status": {
        "vi": "«{url}» trả lời với mã lỗi HTTP {status}. Hãy kiểm tra địa chỉ hoặc hỏi đối tác.",
        "en": "“{url}” answered with the HTTP status {status}. Check the address or ask the partner.",
    },
    "http_failing": {
        "vi": "«{url}» liên tục trả lời với mã lỗi HTTP {status}. Hãy thử lại sau hoặc báo cho đối tác.",
        "en": "“{url}” keeps answering with the HTTP status {status}. Try again later or tell the partner.",
    },
    "http_busy": {
        "vi": "Máy chủ {host} đang bận và đề nghị quay lại sau {until}. Lần thu hoạch sau sẽ tiếp tục từ trang này.",
        "en": "The server {host} is busy and asks to come back after {until}. The next harvest goes on from this page.",
    },
    "oai_not_oai": {
        "vi": "Câu trả lời không phải OAI-PMH; nó bắt đầu bằng: «{start}». Hãy kiểm tra địa chỉ OAI-PMH của đối tác.",
        "en": "The answer is not OAI-PMH; it begins: “{start}”. Check the partner's OAI-PMH address.",
    },
    "oai_no_verb": {
        "vi": "Câu trả lời OAI-PMH thiếu phần {verb}. Hãy báo cho đối tác.",
        "en": "The OAI-PMH answer lacks its element {verb}. Tell the partner.",
    },
    "oai_cut": {
        "vi": "Trang {page} của danh sách bị cắt cụt hoặc hỏng nặng. Không nhận phần nào; hãy thử lại sau.",
        "en": "Page {page} of the list is cut or too broken to read. Nothing of it was taken; try again later.",
    },
    "oai_record_broken": {
        "vi": "Biểu ghi «{identifier}» ({place}) sai cú pháp XML: {detail}. Hãy đề nghị đối tác sửa biểu ghi này.",
        "en": "The record “{identifier}” ({place}) is not well-formed XML: {detail}. Ask the partner to mend it.",
    },
    "oai_no_metadata": {
        "vi": "Biểu ghi «{identifier}» ({place}) không bị xóa nhưng không có siêu dữ liệu. Hãy báo cho đối tác.",
        "en": "The record “{identifier}” ({place}) is not deleted but has no metadata. Tell the partner.",
    },
    "oai_no_identifier": {
        "vi": "Biểu ghi ở {place} không có mã định danh OAI. Hãy báo cho đối tác.",
        "en": "The record at {place} has no OAI identifier. Tell the partner.",
    },
    "oai_salvaged": {
        "vi": "Trang {page} sai cú pháp XML: {count} biểu ghi hỏng được giữ riêng, các biểu ghi khác vẫn được nhận.",
        "en": "Page {page} is not well-formed XML: {count} broken records were set aside, the others were taken.",
    },
    "oai_error": {
        "vi": "Máy chủ OAI-PMH báo lỗi {error}: {text}. Hãy kiểm tra metadata_prefix và set của nguồn.",
        "en": "The OAI-PMH server reports {error}: {text}. Check metadata_prefix and set of the source.",
    },
    "oai_unknown_error": {
        "vi": "Máy chủ OAI-PMH báo một lỗi ngoài chuẩn, {error}: {text}. Hãy thử lại sau hoặc báo cho đối tác.",
        "en": "The OAI-PMH server reports an error outside the standard, {error}: {text}. Try again later or tell the"
        " partner.",
    },
    "oai_prefix_missing": {
        "vi": "Khổ mẫu «{format}» không có tiền tố OAI-PMH. Hãy khai báo metadata_prefix.",
        "en": "The format “{format}” has no OAI-PMH prefix. Set metadata_prefix.",
    },
    "oai_prefix_unknown": {
        "vi": "Đối tác không cung cấp khổ mẫu «{prefix}». Hãy đặt metadata_prefix là một trong: {known}.",
        "en": "The partner does not offer “{prefix}”. Set metadata_prefix to one of: {known}.",
    },
    "oai_empty": {
        "vi": "Kho OAI-PMH không có biểu ghi nào khớp. Hãy kiểm tra set và hỏi đối tác.",
        "en": "The OAI-PMH repository has no matching record. Check set and ask the partner.",
    },
    "oai_token_refused": {
        "vi": "Máy chủ không nhận lại resumptionToken ở trang {page}; danh sách được đọc lại từ đầu, không mất gì.",
        "en": "The server refused the resumption token at page {page}; the list is read again, nothing is lost.",
    },
    "oai_endless": {
        "vi": "Danh sách đưa mãi mã tiếp tục sau trang {page} mà không có gì mới ngoài {count} biểu ghi đã nhận; đọc"
        " lại cũng thế nên đã dừng ở đó. Hãy báo cho đối tác.",
        "en": "The list goes on giving tokens after page {page} and nothing new beyond the {count} records that have"
        " come; read again it was the same, and reading stopped there. Tell the partner.",
    },
    "oai_size_wrong": {
        "vi": "Máy chủ báo danh sách có {announced} biểu ghi, nhưng đọc lại nhiều cách vẫn chỉ có {received}: số đã báo"
        " sai, danh sách được coi là đủ. Hãy báo cho đối tác sửa completeListSize.",
        "en": "The server announces a list of {announced} records, but read again in other ways it still has"
        " {received}: the number is wrong and the list is taken as whole. Ask the partner to mend completeListSize.",
    },
    "oai_one_by_one": {
        "vi": "Danh sách không đọc được đến hết dù đã chia nhỏ; {count} biểu ghi được xin riêng từng cái theo danh sách"
        " mã. Hãy báo cho đối tác sửa mã tiếp tục (resumptionToken).",
        "en": "The list could not be read to its end even in small windows; {count} records were asked for one by one,"
        " after the list of identifiers. Ask the partner to mend its resumption tokens.",
    },
    "oai_not_given": {
        "vi": "Danh sách mã có {count} biểu ghi mà máy chủ không đưa được khi xin riêng (chẳng hạn {identifiers}). Lượt"
        " đối chiếu sau xin lại; hãy báo cho đối tác.",
        "en": "The list of identifiers has {count} records that the server could not give when they were asked for"
        " alone ({identifiers}, for example). The next sweep asks again; tell the partner.",
    },
    "oai_other_bytes": {
        "vi": "Trang {page}: {count} biểu ghi không ở bảng mã mà trang khai báo; được giữ nguyên từng byte và đọc theo"
        " bảng mã nhận ra từ chính các biểu ghi của nguồn. Nếu đọc sai, hãy đặt reading.encoding.",
        "en": "Page {page}: {count} records are not in the encoding the page declares; they were kept byte by byte and"
        " are read in the encoding that the source's own records speak for. Where that is wrong, set reading.encoding.",
    },
    "oai_windows": {
        "vi": "Máy chủ không đưa được danh sách trọn vẹn (đến trang {page}); đã đọc theo từng khoảng thời gian. Hãy báo"
        " cho đối tác sửa mã tiếp tục (resumptionToken).",
        "en": "The server cannot give the list as a whole (page {page}); it was read in windows of time. Ask the"
        " partner to mend its resumption tokens.",
    },
    "oai_restarts": {
        "vi": "Danh sách phải đọc lại từ đầu quá {limit} lần vì máy chủ từ chối resumptionToken. Hãy báo cho đối tác.",
        "en": "The list had to start again more than {limit} times: the server refuses its tokens. Tell the partner.",
    },
    "oai_token_loop": {
        "vi": "Máy chủ đưa lại một resumptionToken cũ ở trang {page}: danh sách chạy vòng. Hãy báo cho đối tác.",
        "en": "The server gave an old resumption token again at page {page}: the list is a circle. Tell the partner.",
    },
    "oai_token_long": {
        "vi": "resumptionToken dài quá {limit} ký tự. Hãy báo cho đối tác.",
        "en": "The resumption token is longer than {limit} characters. Tell the partner.",
    },
    "oai_no_progress": {
        "vi": "Hơn {limit} trang liền không có biểu ghi mới (đến trang {page}). Hãy báo cho đối tác.",
        "en": "More than {limit} pages in a row had no new record (up to page {page}). Tell the partner.",
    },
    "oai_page_limit": {
        "vi": "Danh sách dài quá {limit} trang. Hãy tăng page_limit nếu kho thật sự lớn như vậy.",
        "en": "The list has more than {limit} pages. Raise page_limit if the repository is really that large.",
    },
    "oai_list_short": {
        "vi": "Danh sách kết thúc sớm: nhận {received} biểu ghi, máy chủ báo có {announced}; đã đọc lại. Không rõ được"
        " là đủ thì mốc thời gian của lượt sau không dời; nếu lặp lại, hãy báo cho đối tác.",
        "en": "The list ended early: {received} records came, the server announced {announced}; it was read again."
        " Unless it proves whole, the next list starts at the same time; if this repeats, tell the partner.",
    },
    "oai_days_only": {
        "vi": "Máy chủ không nhận mốc thời gian có giờ như đã khai báo; đã hỏi lại theo ngày.",
        "en": "The server refuses times with hours although it declares them; days were asked for instead.",
    },
    "oai_no_response_date": {
        "vi": "Máy chủ không cho biết giờ trả lời (responseDate «{date}»); lần sau sẽ đọc lại từ cùng mốc thời gian.",
        "en": "The server does not tell its time (responseDate “{date}”); the next list starts at the same time again.",
    },
    "tus_refused": {
        "vi": "Nơi nhận {url} không nhận tệp ({status}: {detail}). Hãy hỏi người quản trị nơi nhận.",
        "en": "The server {url} does not take the file ({status}: {detail}). Ask its administrator.",
    },
    "slice_too_large": {
        "vi": "Khoảng {slice} có {hits} biểu ghi, đến hoặc quá giới hạn {limit} của máy chủ, mà không chia nhỏ được"
        " nữa. Hãy chọn slices.index khác (chẳng hạn số biểu ghi thay cho năm xuất bản), hoặc nới first và last.",
        "en": "The range {slice} has {hits} records, at or above the server's limit of {limit}, and cannot be divided"
        " any further. Choose another slices.index (record numbers instead of years, say), or widen first and last.",
    },
}
