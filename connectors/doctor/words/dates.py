"""Dates and deletions in words (:mod:`connectors.doctor.words`)."""

from __future__ import annotations

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "from_ignored": {
        "vi": (
            "Hỏi những thay đổi từ {since} thì vẫn nhận biểu ghi cũ hơn ({seen}): tham số from bị bỏ qua.",
            "Mỗi lượt hằng ngày đều phải tải lại cả kho, chậm cho cả hai bên.",
            "Cho phần OAI-PMH lọc theo ngày sửa của biểu ghi; xem bộ nhớ đệm có bỏ qua tham số from không.",
        ),
        "en": (
            "Asked for changes since {since}, the server gives older records ({seen}): from is ignored.",
            "Every daily harvest has to load the whole repository, slow for both sides.",
            "Select records by their date of change; check whether a cache ignores the argument from.",
        ),
    },
    "until_ignored": {
        "vi": (
            "Hỏi đến {until} thì vẫn nhận biểu ghi mới hơn ({seen}): tham số until bị bỏ qua.",
            "Khi danh sách dài bị đứt, không thể hỏi lại theo từng khoảng thời gian.",
            "Cho phần OAI-PMH lọc cả theo until.",
        ),
        "en": (
            "Asked for records until {until}, the server gives newer ones ({seen}): until is ignored.",
            "When a long list breaks it cannot be asked for in windows of time.",
            "Select records by until as well.",
        ),
    },
    "window_misses": {
        "vi": (
            "Hỏi đúng mốc thời gian {stamp} của một biểu ghi thì không nhận được biểu ghi ấy (nhận được: {got}).",
            "Thay đổi có thể lọt qua kẽ giữa hai lượt thu hoạch và không bao giờ tới.",
            "So datestamp trong danh sách với ngày dùng để lọc: chúng phải là một, cùng múi giờ UTC, không có phần"
            " lẻ của giây (DSpace bản cũ lọc theo mili giây).",
        ),
        "en": (
            "Asked for exactly the datestamp {stamp} of a record, the server does not give that record (what came:"
            " {got}).",
            "Changes can slip between two harvests and never come.",
            "Compare the datestamps of the list with the dates used to select: they must be the same, in UTC,"
            " without fractions of a second (old DSpace selects by milliseconds).",
        ),
    },
    "from_exclusive": {
        "vi": (
            "Mốc from bị hiểu là «sau» thay vì «từ»: biểu ghi {example} đúng mốc {stamp} bị bỏ ra.",
            "Thay đổi đúng vào giây hoặc ngày bắt đầu lượt sau sẽ mất.",
            "Lọc bằng >= thay cho >. Trung tâm hỏi lùi thêm một khoảng để bù, phần mềm khác thì không.",
        ),
        "en": (
            "from is taken as “after”, not “from”: record {example} of exactly {stamp} is left out.",
            "Changes in the very second or day in which the next list starts are lost.",
            "Select by >= in place of >. The hub reaches back a little to make up for it; others do not.",
        ),
    },
    "until_exclusive": {
        "vi": (
            "Mốc until bị hiểu là «trước» thay vì «đến hết»: biểu ghi {example} đúng mốc {stamp} bị bỏ ra.",
            "Ai thu hoạch theo khoảng sẽ mất biểu ghi ở cuối mỗi khoảng.",
            "Lọc bằng <= thay cho <; với ngày thì tính hết 23:59:59 của ngày ấy.",
        ),
        "en": (
            "until is taken as “before”, not “up to and with”: record {example} of exactly {stamp} is left out.",
            "Whoever harvests in windows loses records at the end of each.",
            "Select by <= in place of <; of a day, to its last second.",
        ),
    },
    "seconds_refused": {
        "vi": (
            "Identify nói mốc thời gian có giờ phút giây, nhưng hỏi như vậy thì bị từ chối.",
            "Phần mềm thu hoạch tin lời Identify sẽ không nhận được thay đổi nào; trung tâm phải hỏi theo ngày.",
            "Khai granularity là YYYY-MM-DD, hoặc nhận mốc có giờ như đã khai.",
        ),
        "en": (
            "Identify says that dates have seconds, but such dates are refused.",
            "A harvester that believes Identify receives no changes; the hub has to ask by days.",
            "Say YYYY-MM-DD as granularity, or take times as declared.",
        ),
    },
    "earliest_late": {
        "vi": (
            "Identify nói mốc sớm nhất là {written}, nhưng có biểu ghi cũ hơn ({seen}).",
            "Ai bắt đầu từ mốc ấy sẽ không bao giờ nhận được các biểu ghi cũ hơn.",
            "Đặt earliestDatestamp không muộn hơn mốc của biểu ghi cũ nhất.",
        ),
        "en": (
            "Identify says that the earliest date is {written}, but there are older records ({seen}).",
            "Whoever starts there never receives the older records.",
            "Set earliestDatestamp no later than the oldest record's datestamp.",
        ),
    },
    "future_records": {
        "vi": (
            "Có biểu ghi mang mốc thời gian trong tương lai: {datestamp}.",
            "Biểu ghi ấy lượt nào cũng bị gửi lại, và các thay đổi sau đó có thể bị coi là cũ.",
            "Sửa đồng hồ máy chủ và ngày sửa của các biểu ghi; mốc phải theo giờ UTC, không phải giờ Việt Nam.",
        ),
        "en": (
            "There are records with a datestamp in the future: {datestamp}.",
            "They are sent with every harvest, and later changes may count as older.",
            "Mend the server's clock and the dates of these records; datestamps are UTC, not Vietnamese time.",
        ),
    },
    "deletions_no": {
        "vi": (
            "Máy chủ không báo biểu ghi đã xóa (deletedRecord: no).",
            "Sách đã thanh lý vẫn còn trong mục lục liên hợp cho tới khi trung tâm đối chiếu cả danh sách (7 ngày"
            " một lần), tốn công cho cả hai máy chủ.",
            "Koha: đặt OAI-PMH:DeletedRecord là persistent và đừng dọn bảng biểu ghi đã xóa. DSpace: rút bỏ"
            " (withdraw) thay vì xóa hẳn. Phần mềm khác: giữ dấu vết của biểu ghi đã xóa.",
        ),
        "en": (
            "The server does not tell which records were deleted (deletedRecord: no).",
            "Withdrawn books stay in the union catalog until the hub compares the whole list (every 7 days), which"
            " costs both servers work.",
            "Koha: set OAI-PMH:DeletedRecord to persistent and never empty the deleted records. DSpace: withdraw"
            " items in place of deleting them. Other software: keep a trace of deleted records.",
        ),
    },
    "deletions_transient": {
        "vi": (
            "Máy chủ chỉ báo biểu ghi đã xóa trong một thời gian (deletedRecord: transient).",
            "Nếu một lượt thu hoạch bị lỡ, sách đã xóa vẫn còn cho tới lần đối chiếu cả danh sách (7 ngày một lần).",
            "Nếu có thể, giữ dấu vết mãi và khai persistent. Koha: tham số OAI-PMH:DeletedRecord.",
        ),
        "en": (
            "The server tells of deleted records for some time only (deletedRecord: transient).",
            "When a harvest is missed, deleted books stay until the whole list is compared (every 7 days).",
            "If possible keep the traces for ever and say persistent. Koha: system preference OAI-PMH:DeletedRecord.",
        ),
    },
    "deletions_unknown": {
        "vi": (
            "deletedRecord là «{written}», không phải no, transient hay persistent.",
            "Không biết máy chủ có báo biểu ghi đã xóa không; trung tâm coi như không.",
            "Khai đúng một trong ba giá trị ấy trong Identify.",
        ),
        "en": (
            "deletedRecord is “{written}”, neither no nor transient nor persistent.",
            "Nobody knows whether deletions are told; the hub assumes that they are not.",
            "Say one of these three in Identify.",
        ),
    },
    "deleted_gone": {
        "vi": (
            "Danh sách nói biểu ghi {example} đã xóa, nhưng hỏi riêng thì nhận được: {got}.",
            "Hai câu trả lời trái nhau: trung tâm không chắc biểu ghi đã xóa hay chưa.",
            'GetRecord của biểu ghi đã xóa phải trả header có status="deleted".',
        ),
        "en": (
            "The list says that record {example} is deleted, but asked for by itself it gives: {got}.",
            "The answers contradict each other: the hub cannot be sure that it is deleted.",
            'GetRecord of a deleted record must give a header with status="deleted".',
        ),
    },
    "granularity_unknown": {
        "vi": (
            "granularity là «{written}», không phải một trong hai dạng của chuẩn.",
            "Trung tâm hỏi theo ngày; phần mềm khác có thể dừng.",
            "Ghi YYYY-MM-DD hoặc YYYY-MM-DDThh:mm:ssZ.",
        ),
        "en": (
            "granularity is “{written}”, neither of the two forms of the standard.",
            "The hub asks by days; others may stop.",
            "Write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.",
        ),
    },
    "granularity_case": {
        "vi": (
            "granularity viết «{written}», sai chữ hoa chữ thường.",
            "Trung tâm vẫn hiểu; phần mềm khác có thể không.",
            "Ghi đúng YYYY-MM-DD hoặc YYYY-MM-DDThh:mm:ssZ.",
        ),
        "en": (
            "granularity is written “{written}”, with the wrong capitals.",
            "The hub understands; others may not.",
            "Write exactly YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.",
        ),
    },
    "datestamps_differ": {
        "vi": (
            "Mốc thời gian của biểu ghi viết «{written}» trong khi Identify hứa dạng «{wanted}».",
            "Trung tâm vẫn đọc được; phần mềm khác có thể so sai.",
            "Viết mốc thời gian đúng dạng đã khai, theo giờ UTC có chữ Z.",
        ),
        "en": (
            "A record's datestamp is written “{written}” where Identify promises “{wanted}”.",
            "The hub reads it; others may compare wrongly.",
            "Write datestamps in the declared form, in UTC with a Z.",
        ),
    },
    "earliest_illegal": {
        "vi": (
            "earliestDatestamp «{written}» không phải ngày tháng.",
            "Trung tâm bỏ qua; phần mềm khác có thể dừng ngay.",
            "Ghi ngày của biểu ghi cũ nhất, ví dụ 2005-01-01.",
        ),
        "en": (
            "earliestDatestamp “{written}” is no date.",
            "The hub ignores it; others may stop at once.",
            "Write the oldest record's date, for example 2005-01-01.",
        ),
    },
    "earliest_odd": {
        "vi": (
            "earliestDatestamp «{written}» không thể đúng.",
            "Vô hại với trung tâm; phần mềm thu hoạch theo từng tháng sẽ hỏi hàng trăm lần vô ích.",
            "Ghi ngày của biểu ghi cũ nhất.",
        ),
        "en": (
            "earliestDatestamp “{written}” cannot be true.",
            "Harmless for the hub; harvesters that go month by month ask hundreds of times in vain.",
            "Write the oldest record's date.",
        ),
    },
    "days_refused": {
        "vi": (
            "Hỏi theo ngày thì không được như chuẩn bắt buộc (nhận được: {got}).",
            "Trung tâm hỏi có giờ nên không sao; phần mềm khác có thể không lấy được thay đổi.",
            "Máy chủ nhận giờ phút giây cũng phải nhận mốc YYYY-MM-DD.",
        ),
        "en": (
            "Days are not answered as the standard demands (what came: {got}).",
            "The hub asks with times and is not affected; others may not receive changes.",
            "A server that takes seconds must take YYYY-MM-DD as well.",
        ),
    },
    "deletions_shown_all_the_same": {
        "vi": (
            "Identify nói không báo biểu ghi đã xóa, nhưng danh sách có ({example}).",
            "Không mất gì; trung tâm vẫn nhận, nhưng không dám tin là đủ.",
            "Khai deletedRecord là transient hoặc persistent.",
        ),
        "en": (
            "Identify says that deletions are not told, but the list has some ({example}).",
            "Nothing is lost; the hub takes them but cannot trust that they are all.",
            "Say transient or persistent as deletedRecord.",
        ),
    },
    "deleted_with_metadata": {
        "vi": (
            "Biểu ghi đã xóa {example} vẫn kèm siêu dữ liệu.",
            "Trung tâm coi là đã xóa; phần mềm khác có thể giữ lại.",
            "Biểu ghi đã xóa chỉ có header.",
        ),
        "en": (
            "The deleted record {example} still has metadata.",
            "The hub takes it as deleted; others may keep it.",
            "A deleted record has its header only.",
        ),
    },
}
