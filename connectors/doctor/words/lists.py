"""Lists in words: pages, tokens, sizes, sets, single records (:mod:`connectors.doctor.words`)."""

from __future__ import annotations

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "token_refused": {
        "vi": (
            "Đến trang {page}, máy chủ từ chối chính mã tiếp tục (resumptionToken) mà nó vừa đưa (nhận được:"
            " {got}). Ký tự đặc biệt trong mã: {characters}",
            "Chỉ nhận được những trang đầu; phần còn lại phải hỏi vòng theo từng khoảng thời gian, hoặc mất.",
            "Xem mã tiếp tục có bị hết hạn ngay, bị giải mã URL hai lần (dấu + thành dấu cách) hay lưu trên một"
            " máy khác sau bộ cân bằng tải không.",
        ),
        "en": (
            "At page {page} the server refuses the very resumption token it has just given (what came: {got})."
            " Special characters in the token: {characters}",
            "Only the first pages arrive; the rest must be asked for in windows of time, or is lost.",
            "Check whether tokens expire at once, are URL-decoded twice (+ becomes a space), or are kept on"
            " another machine behind a load balancer.",
        ),
    },
    "pages_empty": {
        "vi": (
            "{count}/{of} trang đầu không có biểu ghi nào mà vẫn có mã tiếp tục.",
            "Trung tâm đọc tiếp, chậm hơn; phần mềm khác dừng ở trang trống đầu tiên và mất phần còn lại.",
            "Loại các biểu ghi không được công khai trước khi chia trang, không phải sau đó.",
        ),
        "en": (
            "{count} of the first {of} pages have no record and a resumption token all the same.",
            "The hub goes on, more slowly; other harvesters stop at the first empty page and lose the rest.",
            "Leave out records that may not be shown before the list is cut into pages, not afterwards.",
        ),
    },
    "token_circle": {
        "vi": (
            "Từ trang {page} danh sách đi vòng: mã tiếp tục hoặc các biểu ghi lặp lại như trước.",
            "Phần còn lại của danh sách không bao giờ tới; trung tâm phải dừng và hỏi vòng.",
            "Mã tiếp tục phải mang vị trí kế tiếp. Kiểm tra bộ nhớ đệm hoặc máy chủ trung gian có bỏ qua tham số"
            " resumptionToken không.",
        ),
        "en": (
            "From page {page} on the list goes in a circle: the token or the records come again.",
            "The rest of the list never comes; the hub has to stop and ask in other ways.",
            "A token must hold the next place. Check whether a cache or a proxy ignores the argument resumptionToken.",
        ),
    },
    "token_lost": {
        "vi": (
            "Trang {page} không đọc được (nhận được: {got}).",
            "Danh sách dừng giữa chừng; lượt thu hoạch phải thử lại nhiều lần hoặc bỏ dở.",
            "Xem nhật ký lỗi vào đúng giờ ghi trong thư này; mở địa chỉ nêu ở dưới để thấy lỗi.",
        ),
        "en": (
            "Page {page} cannot be read (what came: {got}).",
            "The list stops on the way; a harvest has to try again and again or gives up.",
            "Look into the error log at the time of this letter; open the address below to see the error.",
        ),
    },
    "list_ends_early": {
        "vi": (
            "Danh sách kết thúc sau {count} biểu ghi dù máy chủ báo có {size}.",
            "Thiếu {count}/{size}: số còn lại không bao giờ tới mục lục liên hợp.",
            "Kiểm tra vì sao trang cuối không có mã tiếp tục; thường là biểu ghi lỗi bị bỏ lặng lẽ hoặc hết giờ"
            " giữa chừng. DSpace: chạy dspace oai import -c để lập lại chỉ mục.",
        ),
        "en": (
            "The list ends after {count} records although the server announces {size}.",
            "Only {count} of {size} come: the others never reach the union catalog.",
            "Find out why the last page has no token; often bad records are silently left out, or time runs out."
            " DSpace: run dspace oai import -c to build the index anew.",
        ),
    },
    "page_cut": {
        "vi": (
            "Trang {page} của danh sách bị cắt cụt hoặc hỏng đến mức không tách được biểu ghi.",
            "Cả trang bị mất cho tới khi máy chủ gửi lại được trọn vẹn.",
            "Thường do hết bộ nhớ hoặc hết giờ khi tạo trang: giảm số biểu ghi mỗi trang (Koha: OAI-PMH:MaxCount)"
            " và xem nhật ký lỗi.",
        ),
        "en": (
            "Page {page} of the list is cut, or so broken that its records cannot be told apart.",
            "The whole page is lost until the server can send it whole.",
            "Often memory or time runs out while the page is made: give fewer records a page (Koha:"
            " OAI-PMH:MaxCount) and look into the error log.",
        ),
    },
    "page_broken": {
        "vi": (
            "{count}/{of} biểu ghi sai cú pháp XML; ví dụ {example}. {problem}",
            "Những biểu ghi này bị cách ly; phần mềm thu hoạch khác mất cả trang chứa chúng.",
            "Sửa biểu ghi được nêu: bỏ ký tự điều khiển, viết & thành &amp;, lưu tệp bằng UTF-8. Nên lọc ký tự"
            " điều khiển ngay khi xuất.",
        ),
        "en": (
            "{count} of {of} records are not well-formed XML; for example {example}. {problem}",
            "These records are set aside; other harvesters lose the whole page they stand on.",
            "Mend the records: no control characters, & written &amp;, text in UTF-8. It is best to filter control"
            " characters on export.",
        ),
    },
    "token_bogus_accepted": {
        "vi": (
            "Máy chủ nhận cả một mã tiếp tục bịa đặt và trả về biểu ghi như thường.",
            "Khi mã thật hết hạn, máy chủ lặng lẽ bắt đầu lại thay vì báo lỗi: danh sách trông như đủ mà thiếu.",
            "Mã không hợp lệ hoặc hết hạn phải trả lỗi badResumptionToken.",
        ),
        "en": (
            "The server takes a made-up token and gives records as if nothing were wrong.",
            "When a true token expires it silently starts again in place of an error: the list seems whole and is not.",
            "An unknown or expired token must give the error badResumptionToken.",
        ),
    },
    "token_not_repeatable": {
        "vi": (
            "Hỏi lại cùng một mã tiếp tục thì nhận được trang khác hoặc lỗi (nhận được: {got}).",
            "Khi đường truyền đứt giữa chừng không thể nhận lại trang vừa mất: phải đọc lại từ đầu.",
            "Mã tiếp tục phải dùng lại được ít nhất một lần (OAI-PMH 2.0, mục 3.5).",
        ),
        "en": (
            "Asked for the same token again, the server gives another page or an error (what came: {got}).",
            "When the line breaks the page that was lost cannot be had again: the list starts anew.",
            "A token must work again at least once (OAI-PMH 2.0, section 3.5).",
        ),
    },
    "identifiers_differ": {
        "vi": (
            "ListIdentifiers không nói cùng những biểu ghi như ListRecords (khác: {got}; ví dụ {example}).",
            "Khi đối chiếu, biểu ghi còn có thể bị tưởng là đã mất.",
            "Hai danh sách phải dùng chung một câu truy vấn.",
        ),
        "en": (
            "ListIdentifiers does not name the records that ListRecords gives (different: {got}; for example"
            " {example}).",
            "When the lists are compared, records that are there may seem to be gone.",
            "Both lists must come from the same query.",
        ),
    },
    "get_fails": {
        "vi": (
            "Hỏi riêng biểu ghi {example} thì không nhận được (nhận được: {got}).",
            "Biểu ghi hỏng trong danh sách không thể lấy lại từng cái, và việc đối chiếu xóa không làm được.",
            "GetRecord phải nhận đúng mã định danh mà danh sách đưa ra, kể cả khi mã có ký tự đặc biệt.",
        ),
        "en": (
            "Record {example} cannot be had by itself (what came: {got}).",
            "Records that are broken in the list cannot be fetched one by one, and deletions cannot be confirmed.",
            "GetRecord must take the identifiers that the list gives, also those with special characters.",
        ),
    },
    "get_differs": {
        "vi": (
            "Biểu ghi {example} hỏi riêng khác với trong danh sách.",
            "Một trong hai là bản cũ: mục lục liên hợp có thể nhận dữ liệu cũ.",
            "Xem chỉ mục hoặc bộ nhớ đệm có được cập nhật không (DSpace: dspace oai import).",
        ),
        "en": (
            "Record {example} by itself differs from the list's.",
            "One of them is old: the union catalog may receive old data.",
            "Check that index and cache are updated (DSpace: dspace oai import).",
        ),
    },
    "page_small": {
        "vi": (
            "Mỗi trang chỉ có {size} biểu ghi.",
            "Kho lớn phải hỏi rất nhiều lần.",
            "Đặt 100–500 biểu ghi mỗi trang (Koha: OAI-PMH:MaxCount).",
        ),
        "en": (
            "A page has only {size} records.",
            "A large repository needs very many questions.",
            "Give 100–500 records a page (Koha: OAI-PMH:MaxCount).",
        ),
    },
    "page_large": {
        "vi": (
            "Mỗi trang có tới {size} biểu ghi.",
            "Đứt một lần là phải nhận lại cả trang lớn.",
            "Đặt 100–500 biểu ghi mỗi trang (Koha: OAI-PMH:MaxCount).",
        ),
        "en": (
            "A page has as many as {size} records.",
            "When the line breaks, a large page has to come again.",
            "Give 100–500 records a page (Koha: OAI-PMH:MaxCount).",
        ),
    },
    "size_missing": {
        "vi": (
            "Máy chủ không cho biết cả danh sách có bao nhiêu biểu ghi (completeListSize).",
            "Nếu danh sách bị ngắt giữa chừng thì không ai biết là thiếu.",
            "Ghi completeListSize và cursor trong resumptionToken.",
        ),
        "en": (
            "The server does not say how many records the whole list has (completeListSize).",
            "When a list ends too early nobody notices.",
            "Write completeListSize and cursor into resumptionToken.",
        ),
    },
    "size_wrong": {
        "vi": (
            "completeListSize nói {size}, nhưng số nhận được là {count} hoặc con số này đổi giữa các trang.",
            "Không kiểm tra được danh sách đã đủ chưa.",
            "completeListSize là số biểu ghi của cả danh sách, giống nhau ở mọi trang.",
        ),
        "en": (
            "completeListSize says {size}, but {count} came, or it changes from page to page.",
            "Nobody can check whether the list is whole.",
            "completeListSize is the number of records of the whole list, the same on each page.",
        ),
    },
    "cursor_wrong": {
        "vi": (
            "cursor là {cursor} trong khi đã nhận {count} biểu ghi.",
            "Không mất gì, nhưng không đối chiếu được.",
            "cursor là số biểu ghi đã gửi trước trang này, bắt đầu từ 0.",
        ),
        "en": (
            "cursor is {cursor} where {count} records had come.",
            "Nothing is lost, but nothing can be compared.",
            "cursor is the number of records sent before the page; it starts at 0.",
        ),
    },
    "token_expires_soon": {
        "vi": (
            "Mã tiếp tục hết hạn sau {minutes}.",
            "Đường truyền chậm hoặc phải chờ thì phải đọc lại từ đầu.",
            "Cho mã sống ít nhất vài giờ.",
        ),
        "en": (
            "A token expires after {minutes}.",
            "On a slow line the list has to start again.",
            "Let tokens live for some hours at least.",
        ),
    },
    "token_long": {
        "vi": (
            "Mã tiếp tục dài {length} ký tự.",
            "Máy chủ trung gian có thể cắt địa chỉ quá dài.",
            "Rút ngắn mã: vị trí kế tiếp là đủ.",
        ),
        "en": (
            "A token has {length} characters.",
            "Servers in between may cut addresses that are so long.",
            "Shorten it: the next place is enough.",
        ),
    },
    "set_broken": {
        "vi": (
            "Bộ sưu tập {name} không hỏi được (nhận được: {got}).",
            "Chỉ thu hoạch được cả kho, không thu hoạch riêng từng phần.",
            "ListSets phải trả danh sách, hoặc lỗi noSetHierarchy khi không chia phần.",
        ),
        "en": (
            "The set {name} cannot be asked for (what came: {got}).",
            "Only the whole repository can be harvested, not a part.",
            "ListSets must give a list, or the error noSetHierarchy where there are no sets.",
        ),
    },
}
