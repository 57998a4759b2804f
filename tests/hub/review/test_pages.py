"""The pages of the desk, without JavaScript: every action is a button of a form."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from hub.accounts.models import AuditEvent
from hub.catalog.decisions import decide, standing
from hub.catalog.models import Choice, Decision, GenericTitle, Question
from hub.review import claims
from hub.review.models import Claim, Note, Unsure
from tests.hub.provide.network import arrive
from tests.hub.review.asked import (
    TITLES,
    hostile,
    library,
    open_pairs,
    record,
    school,
    uid_of,
    union_of,
    unite,
)
from tests.hub.stages.books import book, raw

Role = Callable[..., Any]


@pytest.fixture
def lan(waiting: object, as_role: Role) -> Any:
    """A cataloger at the desk."""
    return as_role("cataloger")


def address(pair: tuple[int, int]) -> str:
    return f"/duyet/cap/{pair[0]}/{pair[1]}"


def page(client: Client, where: str, status: int = 200) -> str:
    response = client.get(where)
    assert response.status_code == status, where
    return response.content.decode()


def act(client: Client, where: str, follow: bool = True, **fields: Any) -> Any:
    return client.post(where, fields, follow=follow)


def spoken(html: str) -> str:
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_queue_shows_what_wins_and_why(lan: Any) -> None:
    html = page(lan, "/duyet")
    assert "<b>6</b> cặp chờ duyệt" in html
    shown = [html.index(TITLES[one - 1]) for one, _ in open_pairs()]
    assert shown == sorted(shown)
    assert "năm (6)" in html
    assert "6 cặp" in html
    assert "Không có cặp nào như vậy" in page(lan, "/duyet?doubt=author")
    assert "Hiện chưa nhận cặp nào" in page(lan, "/duyet?mine=1")


def test_an_empty_queue_says_what_to_do(catalog: object, as_role: Role) -> None:
    assert "Không có gì chờ duyệt" in page(as_role("cataloger"), "/duyet")


def test_who_may(waiting: object, as_role: Role) -> None:
    assert as_role("it_staff").get("/duyet").status_code == 403
    assert Client().get("/duyet").status_code == 302
    assert as_role("partner_librarian", "HP-TP").post(address(open_pairs()[0]), {"act": "same"}).status_code == 403
    assert Decision.objects.count() == 0


def test_one_pair_after_the_other(lan: Any) -> None:
    pairs = open_pairs()
    answer = act(lan, "/duyet/tiep")
    assert answer.redirect_chain == [(address(pairs[0]), 302)]
    answer = act(lan, address(pairs[0]), act="same", reason="")
    html = answer.content.decode()
    where = answer.redirect_chain[-1][0]
    assert where.startswith(address(pairs[1]))
    assert "Đã ghi:" in html
    assert "cùng một ấn phẩm" in html
    assert union_of(pairs[0][0]) == union_of(pairs[0][1])
    answer = act(lan, where, act="different")
    answer = act(lan, answer.redirect_chain[-1][0], act="unsure")
    assert [one.verdict for one in standing()] == ["SAME", "DIFFERENT"]
    assert [one.by for one in standing()] == [lan.user.email] * 2
    assert Unsure.objects.count() == 1
    assert "1 trùng, 1 khác" in spoken(answer.content.decode())
    acts = list(AuditEvent.objects.filter(by=lan.user.email).order_by("number").values_list("act", flat=True))
    assert [name for name in acts if name.startswith("match")] == ["match.decided", "match.decided", "match.unsure"]


def test_filters_stay_from_pair_to_pair(lan: Any) -> None:
    pairs = open_pairs()
    answer = act(lan, f"{address(pairs[0])}?library=HP-LL&doubt=year", act="same")
    assert answer.redirect_chain[-1][0].startswith(f"{address(pairs[1])}?library=HP-LL&doubt=year&done=d")


def test_the_last_answer_leads_to_the_queue(lan: Any) -> None:
    pairs = open_pairs()
    for pair in pairs[:-1]:
        act(lan, address(pair), act="different")
    answer = act(lan, address(pairs[-1]), act="same")
    assert answer.redirect_chain[-1][0].startswith("/duyet?done=d")
    assert "Không có gì chờ duyệt" in answer.content.decode()


def test_no_effect_by_get(lan: Any) -> None:
    pair = open_pairs()[0]
    for where in (f"{address(pair)}?act=same", "/duyet/tiep", "/duyet/hoan-tac"):
        lan.get(where)
    assert Decision.objects.count() == Claim.objects.count() == 0


def test_a_pair_that_somebody_else_is_at(lan: Any) -> None:
    pair = open_pairs()[0]
    claims.hold(pair, "Hoa")
    assert "Hoa đang duyệt cặp này" in page(lan, address(pair))
    answer = act(lan, address(pair), act="same")
    assert answer.status_code == 409
    assert "Hoa" in answer.content.decode()
    assert Decision.objects.count() == 0
    act(lan, address(pair), act="take")
    act(lan, address(pair), act="same")
    assert Decision.objects.count() == 1


def test_what_differs_is_marked_for_eye_and_ear(lan: Any) -> None:
    arrive(library("truong-le-loi"), [raw(school(0, "Dế Mèn phiêu lưu kí"))])
    html = page(lan, address((record("TP000"), record("LL000"))))
    assert '<mark class="is-letters">í<span class="spoken"> (khác chữ)</span></mark>' in html
    assert "Vì sao hỏi?" in html
    assert "8,3" in html
    assert "tự gộp từ 8" in html
    assert "Thư viện thành phố: 1 bản" in spoken(html)
    english = Client()
    english.cookies = lan.cookies
    english.cookies["language"] = "en"
    assert "Why is this asked?" in page(english, address((record("TP000"), record("LL000"))))


def test_hostile_records_are_inert(lan: Any) -> None:
    one, other = hostile()
    arrive(library("thanh-pho"), [raw(one)])
    arrive(library("truong-le-loi"), [raw(other)])
    pair = (record("X1"), record("X2"))
    actions = address(pair)
    act(lan, actions, act="note", text="<script>alert(5)</script> \u202egnurt")
    act(lan, actions, act="same")
    uid = uid_of(pair[0])
    paths = [
        actions,
        f"{actions}/cung-kieu",
        f"/duyet/cum/{uid}",
        f"/duyet/lich-su/{uid}",
        "/duyet/viec-da-lam",
        "/duyet",
    ]
    for path in paths:
        html = lan.get(path).content.decode()
        assert "<script>alert" not in html, path
        assert "<script>document" not in html, path
        assert "<img src=x" not in html, path
        assert "javascript:" not in re.sub(r">[^<]*<", "><", html), path
        assert "\u202e" not in html, path
    html = page(lan, actions)
    assert "&lt;script&gt;" in html
    assert "[U+202E]" in html, "what turns the direction of writing is shown"
    assert lan.get(actions).headers["Content-Security-Policy"].count("unsafe") == 0
    assert "no-store" in lan.get(actions).headers["Cache-Control"]


def test_unknown_pairs_and_clusters(lan: Any) -> None:
    number = record("TP000")
    for where in (
        f"/duyet/cap/{number}/999999", f"/duyet/cap/{number}/{number}", f"/duyet/cap/{2**64}/1", "/duyet/cum/LT-9999999",
        "/duyet/cum/x", "/duyet/hoan-tac/d999", "/duyet/hoan-tac/zz", f"/duyet/cap/1/{2**70}/cung-kieu",
    ):  # fmt: skip
        page(lan, where, 404)


def test_undo_of_the_last(lan: Any) -> None:
    pairs = open_pairs()
    act(lan, address(pairs[0]), act="same")
    answer = act(lan, "/duyet/hoan-tac")
    assert answer.redirect_chain[-1][0].startswith(f"{address(pairs[0])}?undone=d")
    assert "Đã hoàn tác:" in answer.content.decode()
    assert open_pairs() == pairs
    assert act(lan, "/duyet/hoan-tac").status_code == 409


def test_undo_shows_what_followed(lan: Any) -> None:
    pair = (record("TP000"), record("LL000"))
    act(lan, address(pair), act="same")
    act(lan, address(pair), act="choose", f260=str(pair[1]))
    decision, choice = Decision.objects.get(), Choice.objects.get()
    answer = act(lan, "/duyet/hoan-tac", ref=f"d{decision.pk}")
    assert answer.redirect_chain == [(f"/duyet/hoan-tac/d{decision.pk}", 302)]
    html = answer.content.decode()
    assert "trường 260 lấy từ biểu ghi này" in html
    act(lan, f"/duyet/hoan-tac/d{decision.pk}", also=[f"c{choice.pk}", "d999"])
    decision.refresh_from_db()
    choice.refresh_from_db()
    assert decision.undone_at is not None
    assert choice.undone_at is not None
    assert "Việc này đã được hoàn tác" in page(lan, f"/duyet/hoan-tac/d{decision.pk}")


def test_a_generic_title(lan: Any) -> None:
    pair = (record("TP000"), record("LL000"))
    answer = act(lan, address(pair), act="generic")
    assert "nhan đề quá chung" in answer.content.decode()
    assert "lần gộp tới" in answer.content.decode()
    assert GenericTitle.objects.get().title == "de men phieu luu ki"
    assert act(lan, address(pair), act="generic").status_code == 409


def test_pairs_of_one_kind(lan: Any) -> None:
    pairs = open_pairs()
    where = f"{address(pairs[0])}/cung-kieu"
    html = page(lan, where)
    assert html.count('name="pair"') == 6
    answer = act(lan, where, act="same", pair=[f"{a}-{b}" for a, b in pairs[:4]] + ["1-1", "x", "999-1000"])
    assert "4 cặp: cùng một ấn phẩm" in answer.content.decode()
    assert len(open_pairs()) == 2
    ref = f"b{Decision.objects.earliest('pk').pk}"
    assert act(lan, "/duyet/hoan-tac", ref=ref).status_code == 200
    assert open_pairs() == pairs
    assert act(lan, where, act="same").status_code == 409
    assert act(lan, where, act="nonsense", pair=["1-2"]).status_code == 409


def test_a_cluster_with_its_bridge(lan: Any) -> None:
    pair = (record("TP000"), record("LL000"))
    act(lan, address(pair), act="same")
    uid = uid_of(pair[0])
    html = page(lan, f"/duyet/cum/{uid}")
    assert html.count('<circle class="dot"') == 2
    assert 'class="edge person bridge"' in html
    assert "style=" not in html
    assert "<b>cầu nối</b>" in html
    answer = act(lan, f"/duyet/cum/{uid}", act="split")
    assert answer.status_code == 409
    act(lan, f"/duyet/cum/{uid}", act="split", record=str(pair[1]), reason="khác bìa")
    assert union_of(pair[1]) != union_of(pair[0])
    act(lan, f"/duyet/cum/{uid}", act="note", text="Xem lại")
    assert "Xem lại" in page(lan, f"/duyet/cum/{uid}")
    note = Note.objects.get()
    act(lan, f"/duyet/cum/{uid}", act="remove_note", number=str(note.pk))
    assert "Xem lại" not in page(lan, f"/duyet/cum/{uid}")


def test_history_with_differences(lan: Any) -> None:
    pair = (record("TP000"), record("LL000"))
    act(lan, address(pair), act="same")
    uid = uid_of(pair[0])
    arrive(library("thanh-pho"), [raw(book("TP000", "Dế Mèn phiêu lưu kí", author="Tô Hoài", year=2008))])
    html = page(lan, f"/duyet/lich-su/{uid}")
    assert html.count("Nhận một biểu ghi") == 2
    assert "Một biểu ghi thay đổi" in html
    assert '<mark class="is-letters">í' in html
    assert "Một biểu ghi nhập vào, từ" in html
    assert lan.user.email in html
    gone = f"LT-{pair[1]:07d}"
    assert page(lan, f"/duyet/lich-su/{gone}")
    assert lan.get(f"/duyet/cum/{gone}").headers["Location"] == f"/duyet/cum/{uid}"


def test_contradictions(lan: Any) -> None:
    assert "Không có gì nói ngược lại" in page(lan, "/duyet/mau-thuan")
    other = book("LL500", "Toán 5", author="Vũ Tú Nam")
    arrive(library("truong-le-loi"), [raw(other)])
    decide(record("TP000"), record("LL500"), "SAME", by="Hoa")
    unite()
    html = page(lan, "/duyet/mau-thuan")
    assert "Hoa" in html
    assert "Toán 5" in html


def test_other_candidates_of_a_brief_record(lan: Any) -> None:
    brief = book("TS001", TITLES[0], author="Tô Hoài", pages="")
    brief = replace(brief, fields=tuple(field for field in brief.fields if field[0] in ("001", "100", "245")))
    arrive(library("thanh-pho"), [raw(brief)])
    pair = (record("TP000"), record("TS001"))
    html = page(lan, address(pair))
    assert "Ứng viên khác" in html
    assert f'href="{address((record("LL000"), record("TS001")))}" data-key="' in html
    assert "cạnh B" in html


def test_staff_find_the_way_from_the_record(lan: Any) -> None:
    uid = uid_of(record("TP000"))
    assert f"/duyet/cum/{uid}" in page(lan, f"/r/{uid}")
    assert "/duyet" not in page(Client(), f"/r/{uid}")


def test_the_queue_page_asks_the_database_a_bounded_number_of_times(
    lan: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25):
        page(lan, "/duyet")
    pair = open_pairs()[0]
    with django_assert_max_num_queries(60):
        page(lan, address(pair))
    assert Question.objects.count() == 6
