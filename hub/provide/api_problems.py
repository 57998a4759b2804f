"""What the API answers when it cannot: problem+json (https://www.rfc-editor.org/rfc/rfc9457), in two languages."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from django.http import HttpResponse

from hub.accounts.pages import language
from schemas.problem import Problem, Trouble

MEDIA = "application/problem+json"
TITLES_VI = {
    400: "Yêu cầu không đúng",
    401: "Khóa không đúng",
    404: "Không có",
    405: "Phương thức không được nhận",
    410: "Không còn",
    422: "Tham số không đúng",
    429: "Quá nhiều lượt hỏi",
}


class Refused(Exception):
    """An answer that is no success: its status, and the problem in words."""

    def __init__(self, status: int, code: str, **facts: object) -> None:
        super().__init__(code)
        self.status, self.problem = status, Trouble(code, **facts).problem
        self.headers: dict[str, str] = {}


def problem(status: int, said: Problem, headers: dict[str, str] | None = None) -> HttpResponse:
    """The answer for a problem: ``title`` and ``detail`` in the reader's language, and both languages beside."""
    titles = {"vi": TITLES_VI.get(status, ""), "en": HTTPStatus(status).phrase}
    body = {
        "type": f"about:blank#{said.code}",
        "title": titles[language()],
        "status": status,
        "detail": said.sentence(language()),
        "code": said.code,
        "detail_vi": said.sentence("vi"),
        "detail_en": said.sentence("en"),
    }
    return HttpResponse(orjson.dumps(body), status=status, content_type=MEDIA, headers=headers)
