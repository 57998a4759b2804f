"""What blocks a harvest, in words (see :mod:`connectors.doctor.words`)."""

from __future__ import annotations

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "private_address": {
        "vi": (
            "Máy chủ {host} nằm ở địa chỉ nội bộ nên không được hỏi.",
            "Chưa thể thu hoạch: địa chỉ nội bộ chỉ được hỏi khi có người cho phép.",
            "Nếu đúng là máy chủ của thư viện trong mạng này: chạy lienthong doctor --allow-private; khi thu hoạch, đặt"
            " allow_private: true trong tệp nguồn.",
        ),
        "en": (
            "The server {host} has a private address and was not asked.",
            "Nothing can be harvested: private addresses are asked only where somebody has allowed it.",
            "If it is a library's own server in this network: run lienthong doctor --allow-private; for a harvest set"
            " allow_private: true in the source file.",
        ),
    },
    "unusual_port": {
        "vi": (
            "Máy chủ {host} ở cổng {port}, không phải cổng thông dụng của web, nên không được hỏi.",
            "Chưa thể thu hoạch: chỉ hỏi các cổng 80, 443, 8080, 8443, trừ khi có người cho phép.",
            "Mở kho ở một cổng thông dụng; hoặc chạy lienthong doctor --allow-private, và khi thu hoạch đặt"
            " allow_private: true trong tệp nguồn.",
        ),
        "en": (
            "The server {host} is at port {port}, which is not a usual port of the web, and was not asked.",
            "Nothing can be harvested: only the ports 80, 443, 8080 and 8443 are asked unless somebody allows it.",
            "Open the repository at a usual port; or run lienthong doctor --allow-private, and for a harvest set"
            " allow_private: true in the source file.",
        ),
    },
    "unreachable": {
        "vi": (
            "Không nhận được câu trả lời nào từ địa chỉ này. {problem}",
            "Chưa thể thu hoạch biểu ghi nào.",
            "Mở địa chỉ kèm ?verb=Identify bằng trình duyệt từ một máy ngoài mạng của thư viện. Nếu không mở được,"
            " hãy xem máy chủ có chạy không, tường lửa có mở cổng 80 hoặc 443 không và tên miền có đúng không.",
        ),
        "en": (
            "No answer came from this address. {problem}",
            "Nothing can be harvested.",
            "Open the address with ?verb=Identify in a browser outside the library's network. If that fails, check"
            " that the server runs, that the firewall lets port 80 or 443 in, and that the host name is right.",
        ),
    },
    "tls": {
        "vi": (
            "Kết nối bảo mật thất bại. {problem}",
            "Chưa thể thu hoạch: không có chứng chỉ hợp lệ thì không biết mình đang nói chuyện với ai.",
            "Gia hạn chứng chỉ (Let's Encrypt miễn phí, certbot tự gia hạn) và cấu hình máy chủ web gửi cả chuỗi"
            " chứng chỉ trung gian.",
        ),
        "en": (
            "The secure connection failed. {problem}",
            "Nothing can be harvested: without a valid certificate nobody knows who is answering.",
            "Renew the certificate (Let's Encrypt is free, certbot renews by itself) and let the web server send"
            " the whole chain of certificates.",
        ),
    },
    "address_wrong": {
        "vi": (
            "Máy chủ có trả lời, nhưng không có gì ở địa chỉ này (HTTP {status}).",
            "Chưa thể thu hoạch biểu ghi nào.",
            "Địa chỉ thường gặp: Koha /cgi-bin/koha/oai.pl (bật tham số hệ thống OAI-PMH), DSpace"
            " /server/oai/request (bản cũ /oai/request), VuFind /OAI/Server. Phần mềm khác: hỏi nhà cung cấp.",
        ),
        "en": (
            "The server answers, but there is nothing at this address (HTTP {status}).",
            "Nothing can be harvested.",
            "Usual addresses: Koha /cgi-bin/koha/oai.pl (enable the system preference OAI-PMH), DSpace"
            " /server/oai/request (older: /oai/request), VuFind /OAI/Server. Other software: ask its maker.",
        ),
    },
    "forbidden": {
        "vi": (
            "Máy chủ từ chối cho xem (HTTP {status}).",
            "Chưa thể thu hoạch biểu ghi nào.",
            "Cho phép truy cập không cần đăng nhập vào đường dẫn OAI-PMH, hoặc thêm địa chỉ IP của trung tâm vào"
            " danh sách được phép. Nếu có dịch vụ chống bot (Cloudflare…), hãy miễn đường dẫn này.",
        ),
        "en": (
            "The server refuses to answer (HTTP {status}).",
            "Nothing can be harvested.",
            "Open the OAI-PMH path to everybody, or add the hub's IP address to those allowed. Exempt this path"
            " from protection against robots (Cloudflare and the like).",
        ),
    },
    "failing": {
        "vi": (
            "Máy chủ báo lỗi của chính nó (HTTP {status}).",
            "Chưa thể thu hoạch biểu ghi nào.",
            "Xem nhật ký lỗi của máy chủ web và của phần mềm thư viện vào đúng giờ ghi trong thư này. DSpace: xem"
            " Solr (lõi oai) có chạy không.",
        ),
        "en": (
            "The server reports an error of its own (HTTP {status}).",
            "Nothing can be harvested.",
            "Look into the error logs of the web server and the library software at the time of this letter."
            " DSpace: check that Solr (core oai) runs.",
        ),
    },
    "busy": {
        "vi": (
            "Máy chủ đang bận và đề nghị quay lại sau {until}.",
            "Chưa khám được; khi thu hoạch, trung tâm sẽ chờ đúng như máy chủ đề nghị.",
            "Nếu lúc nào cũng vậy, hãy nới giới hạn số lượt truy cập cho trung tâm hoặc bảo trì vào giờ khác.",
        ),
        "en": (
            "The server is busy and asks to come back after {until}.",
            "It could not be examined; a harvest waits as the server asks.",
            "If it is always so, raise the limit of requests for the hub or do maintenance at another hour.",
        ),
    },
    "cut": {
        "vi": (
            "Câu trả lời của máy chủ không trọn vẹn. {problem}",
            "Chưa thể thu hoạch: nửa câu trả lời không dùng được.",
            "Xem máy chủ web có đóng kết nối giữa chừng không, Content-Length có đúng không, và việc nén (gzip) có bị"
            " làm hai lần không.",
        ),
        "en": (
            "The server's answer is not whole. {problem}",
            "Nothing can be harvested: half an answer is of no use.",
            "Check whether the web server closes the connection on the way, whether Content-Length is right, and"
            " whether answers are packed (gzip) twice.",
        ),
    },
    "not_oai": {
        "vi": (
            "Địa chỉ này trả về một trang khác, không phải OAI-PMH (HTTP {status}).",
            "Chưa thể thu hoạch biểu ghi nào.",
            "Kiểm tra địa chỉ; thường gặp: Koha /cgi-bin/koha/oai.pl, DSpace /server/oai/request, VuFind"
            " /OAI/Server. Nếu địa chỉ đúng, xem có trang đăng nhập, trang bảo trì hay lớp chống bot nào chen vào"
            " không.",
        ),
        "en": (
            "This address gives another page, not OAI-PMH (HTTP {status}).",
            "Nothing can be harvested.",
            "Check the address; usual ones: Koha /cgi-bin/koha/oai.pl, DSpace /server/oai/request, VuFind"
            " /OAI/Server. If it is right, look for a login page, a maintenance page or a protection against"
            " robots in between.",
        ),
    },
    "doctype": {
        "vi": (
            "Câu trả lời mở đầu bằng khai báo DOCTYPE.",
            "Trung tâm từ chối mọi tài liệu có DOCTYPE vì lý do an toàn, nên không thu hoạch được gì.",
            "Bỏ dòng <!DOCTYPE …> khỏi khuôn mẫu câu trả lời; OAI-PMH dùng lược đồ XML, không dùng DTD.",
        ),
        "en": (
            "The answer begins with a DOCTYPE.",
            "The hub refuses every document with a DOCTYPE for safety, so nothing can be harvested.",
            "Take the line <!DOCTYPE …> out of the template; OAI-PMH has an XML schema, no DTD.",
        ),
    },
    "identify_broken": {
        "vi": (
            "Câu trả lời Identify sai cú pháp XML. {problem}",
            "Chưa thể thu hoạch biểu ghi nào.",
            "Mở địa chỉ kèm ?verb=Identify bằng trình duyệt, sửa đúng chỗ được báo; thường là ký tự & chưa viết"
            " thành &amp; trong tên kho hoặc phần mô tả.",
        ),
        "en": (
            "The answer to Identify is not well-formed XML. {problem}",
            "Nothing can be harvested.",
            "Open the address with ?verb=Identify in a browser and mend the place it shows; often it is an & that"
            " is not written &amp; in the repository's name or description.",
        ),
    },
    "identify_error": {
        "vi": (
            "Identify không được trả lời đúng cách (nhận được: {got}).",
            "Chưa thể thu hoạch: Identify là câu hỏi đầu tiên của mọi lượt.",
            "Kiểm tra xem phần mềm đã bật OAI-PMH chưa và địa chỉ có đủ phần sau tên máy chủ không.",
        ),
        "en": (
            "Identify is not answered as it must be (what came: {got}).",
            "Nothing can be harvested: every harvest begins with Identify.",
            "Check that OAI-PMH is enabled and that the address is whole.",
        ),
    },
    "version": {
        "vi": (
            "Máy chủ nói phiên bản giao thức {version}, không phải 2.0.",
            "Các bản 1.x đã ngừng dùng từ năm 2002 và không thu hoạch được.",
            "Nâng cấp phần mềm, hoặc gửi tệp MARC định kỳ thay cho OAI-PMH.",
        ),
        "en": (
            "The server speaks version {version} of the protocol, not 2.0.",
            "The versions 1.x ended in 2002 and cannot be harvested.",
            "Upgrade the software, or send MARC files regularly in place of OAI-PMH.",
        ),
    },
    "no_formats": {
        "vi": (
            "Máy chủ không cho biết có những khổ mẫu nào (nhận được: {got}).",
            "Không biết hỏi biểu ghi theo khổ mẫu nào nên không thu hoạch được.",
            "Koha: kiểm tra tệp YAML nêu ở tham số OAI-PMH:ConfFile. DSpace: kiểm tra config/crosswalks/oai/xoai.xml.",
        ),
        "en": (
            "The server does not say which formats it has (what came: {got}).",
            "Without a format no record can be asked for.",
            "Koha: check the YAML file named in the system preference OAI-PMH:ConfFile. DSpace: check"
            " config/crosswalks/oai/xoai.xml.",
        ),
    },
    "no_readable_format": {
        "vi": (
            "Không có khổ mẫu nào mà mục lục liên hợp đọc được; máy chủ có: {names}.",
            "Không biểu ghi nào vào được mục lục liên hợp.",
            "Bật MARCXML (tiền tố marcxml hoặc marc21); ít nhất là oai_dc, khổ mẫu mà chuẩn OAI-PMH bắt buộc.",
        ),
        "en": (
            "There is no format that the union catalog reads; the server has: {names}.",
            "No record can enter the union catalog.",
            "Enable MARCXML (prefix marcxml or marc21); at least oai_dc, which OAI-PMH demands.",
        ),
    },
    "list_fails": {
        "vi": (
            "Danh sách biểu ghi (ListRecords) không đọc được ngay từ trang đầu (nhận được: {got}).",
            "Chưa thể thu hoạch biểu ghi nào.",
            "Mở địa chỉ nêu ở dưới bằng trình duyệt rồi xem nhật ký lỗi. Thường gặp: một biểu ghi hỏng làm hỏng cả"
            " trang, hoặc trang quá lớn nên hết giờ (Koha: giảm OAI-PMH:MaxCount).",
        ),
        "en": (
            "The list of records (ListRecords) cannot be read from its first page on (what came: {got}).",
            "Nothing can be harvested.",
            "Open the address below in a browser and look into the error log. Often one broken record breaks the"
            " page, or the page is so large that time runs out (Koha: lower OAI-PMH:MaxCount).",
        ),
    },
    "list_empty": {
        "vi": (
            "Kho không có biểu ghi nào theo khổ mẫu {prefix}.",
            "Không có gì để thu hoạch.",
            "DSpace: chạy lệnh [dspace]/bin/dspace oai import và đặt lịch chạy hằng đêm. Phần mềm khác: xem biểu"
            " ghi có được đánh dấu cho phép công bố qua OAI-PMH không.",
        ),
        "en": (
            "The repository has no record in the format {prefix}.",
            "There is nothing to harvest.",
            "DSpace: run [dspace]/bin/dspace oai import and schedule it every night. Other software: check that"
            " the records are marked for OAI-PMH.",
        ),
    },
}
