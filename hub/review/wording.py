"""The sentences of the problems of this layer: code → Vietnamese and English (see :mod:`schemas.wording`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "review_act_unknown": {
        "vi": "Không có việc «{act}» để xem hay hoàn tác. Hãy chọn trong danh sách việc đã làm.",
        "en": "There is no act “{act}” to see or undo. Choose one from the list of what was done.",
    },
    "review_taken": {
        "vi": "{by} đang duyệt cặp này đến {until}. Hãy duyệt cặp khác, hoặc nhận lại cặp này trước.",
        "en": "{by} is at this pair until {until}. Go on with another one, or take this one over first.",
    },
    "review_no_pairs": {
        "vi": "Không còn cặp nào trong số đã chọn đang chờ duyệt. Hãy mở lại danh sách.",
        "en": "None of the chosen pairs waits for an answer any more. Open the list again.",
    },
    "review_too_many": {
        "vi": "Một lần chỉ quyết định được nhiều nhất {most} cặp. Hãy chọn ít hơn.",
        "en": "At most {most} pairs can be decided at a time. Choose fewer.",
    },
    "review_nothing": {
        "vi": "Không có gì để hoàn tác.",
        "en": "There is nothing to undo.",
    },
    "split_nobody": {
        "vi": "Để tách {union}, hãy chọn ít nhất một biểu ghi rời đi và để lại ít nhất một biểu ghi.",
        "en": "To part {union}, choose at least one record that leaves, and leave at least one.",
    },
    "choice_tag": {
        "vi": "Không chọn được nguồn cho trường «{tag}». Hãy ghi nhãn trường MARC 21 dùng chung, ví dụ 245.",
        "en": "The source of the field “{tag}” cannot be chosen. Give the tag of a shared MARC 21 field, such as 245.",
    },
    "note_empty": {
        "vi": "Ghi chú còn trống. Hãy viết nội dung rồi lưu.",
        "en": "The note is empty. Write something, then save it.",
    },
    "review_no_question": {
        "vi": "Không có câu hỏi nào đang chờ về «{first}» và «{second}».",
        "en": "No question waits about “{first}” and “{second}”.",
    },
}
