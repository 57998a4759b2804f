"""The sentences of the problems of this layer: code → Vietnamese and English (see :mod:`schemas.wording`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "connector_unknown": {
        "vi": "Không có cách kết nối «{name}». Hãy dùng một trong: {known}.",
        "en": "There is no connector “{name}”. Use one of: {known}.",
    },
}
