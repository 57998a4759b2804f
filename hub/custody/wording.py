"""The sentences of what can go wrong when copies change hands (see :mod:`schemas.problem`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "copy_elsewhere": {
        "vi": "Bản sách {accession} hiện thuộc trách nhiệm của {library} (trạng thái: {state}), nên không làm"
        " được việc này. Hãy xem lịch sử của bản sách.",
        "en": "The copy {accession} is in the care of {library} now (state: {state}), so this cannot be done. Look at"
        " the history of the copy.",
    },
}
