"""An explanation of a match in the words of a cataloger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hub.match.wording import CONTRADICTIONS, value

Told = dict[str, Any]
SHOWN = 20  # records and links of a large cluster
SAID = 60  # letters of what one side says


class Speech:
    """One language: its words, its numbers."""

    def __init__(self, language: str) -> None:
        self.language = language

    def words(self, vi: str, en: str) -> str:
        """The text in this language."""
        return en if self.language == "en" else vi

    def said(self, words: dict[str, str]) -> str:
        """Words that come in both."""
        return words[self.language]

    def points(self, weight: float, *, signed: bool = True) -> str:
        """A weight: +1,5 or +1.5."""
        text = f"{weight:+.2f}" if signed else f"{weight:.2f}"
        text = text.rstrip("0").rstrip(".")
        text = "0" if float(text) == 0 else text.replace("-", "−")
        return text if self.language == "en" else text.replace(".", ",")


def lines(told: Told, language: str) -> Iterator[str]:
    """The explanation of :mod:`hub.stages.explain`, a line at a time."""
    speech = Speech(language)
    yield from (_pair if told["kind"] == "pair" else _cluster)(told, speech)


def _pair(told: Told, s: Speech) -> Iterator[str]:
    rules = told["rules"]
    yield f"A  {_record(told['first'], s)}"
    yield f"B  {_record(told['second'], s)}"
    yield ""
    yield f"{rules['verdict']}: {s.said(rules['words'])} ({s.said(rules['reason_words'])})."
    yield _sum(rules, s)
    told_of = [line for line in rules["evidence"] if line["first"] or line["second"] or line["weight"]]
    for line in told_of:
        yield _evidence(line, s)
    silent = [s.said(line["field_words"]) for line in rules["evidence"] if line not in told_of]
    if silent:
        yield s.words("  không bên nào nêu: ", "  neither says: ") + ", ".join(silent)
    yield from _vetoes(rules, s)
    yield from _changes(rules, s)
    yield from _people(told, s)
    yield from _keys(told["keys"], s)
    yield from _standing(told, s)


def _record(record: Told, s: Speech) -> str:
    pages = f"{record['pages']} {s.words('tr.', 'p.')}" if record["pages"] else ""
    imprint = ", ".join(filter(None, (record["publisher"], str(record["year"] or ""))))
    title = " / ".join(filter(None, (record["title"], record["by"])))
    areas = ". — ".join(filter(None, (title, record["edition"], imprint, pages)))
    union = f" [{record['union']}]" if record["union"] else ""
    return f"{record['record']}{union}  {areas}"


def _sum(rules: Told, s: Speech) -> str:
    limits = rules["thresholds"]
    score, same, fits, ask = (
        s.points(number, signed=False) for number in (rules["score"], limits["same"], limits["fits"], limits["ask"])
    )
    return s.words(
        f"Tổng điểm {score}; ngưỡng: cùng {same}, vừa {fits}, hỏi {ask}.",
        f"Sum of weights {score}; thresholds: same {same}, fits {fits}, ask {ask}.",
    )


def _evidence(line: Told, s: Speech) -> str:
    field, outcome = s.said(line["field_words"]), s.said(line["words"])
    sides = _sides(line["first"], line["second"], s)
    return f"  {field:<20} {s.points(line['weight']):>6}  {outcome}{': ' + sides if sides else ''}"


def _sides(first: str, second: str, s: Speech) -> str:
    """What both say, once where it is the same; nothing where both are silent."""
    if not first and not second:
        return ""
    one, other = (_short(value(text, s.language)) for text in (first, second))
    return f"«{one}»" if one == other else f"A «{one}» · B «{other}»"


def _short(text: str) -> str:
    return text if len(text) <= SAID else text[: SAID - 1] + "…"


def _vetoes(rules: Told, s: Speech) -> Iterator[str]:
    if not rules["vetoes"]:
        return
    yield ""
    yield s.words("Phủ quyết:", "Vetoes:")
    for one in rules["vetoes"]:
        sides = _sides(one["first"], one["second"], s)
        yield f"  – {s.said(one['words'])} ({one['veto']}){': ' + sides if sides else ''}"
    freed = rules["without_vetoes"]
    if len(rules["vetoes"]) == 1:
        yield s.words(f"  Không có phủ quyết này thì là {freed}.", f"  Without this veto: {freed}.")
    else:
        yield s.words(f"  Không có các phủ quyết này thì là {freed}.", f"  Without these vetoes: {freed}.")


def _changes(rules: Told, s: Speech) -> Iterator[str]:
    yield ""
    if not rules["changes"]:
        yield s.words(
            "Không có thay đổi nào ở một hay hai trường làm khác kết quả.",
            "No change of one or two fields would make another verdict.",
        )
        return
    yield s.words("Điều gì sẽ làm khác kết quả:", "What would change it:")
    for change in rules["changes"]:
        joint = s.words(" và ", " and ")
        steps = joint.join(
            f"{s.said(step['field_words'])}: {s.said(step['words'])} ({s.points(step['gain'])})"
            for step in change["steps"]
        )
        yield s.words(f"  – nếu {steps} → ", f"  – if {steps} → ") + f"{change['verdict']}: {s.said(change['words'])}"


def _people(told: Told, s: Speech) -> Iterator[str]:
    if told["decisions"]:
        yield ""
        yield s.words("Quyết định của người:", "Decisions of people:")
        for one in told["decisions"]:
            reason = f" ({one['reason']})" if one["reason"] else ""
            yield f"  – {one['first']} · {one['second']}: {one['verdict']}, {one['by']}, {one['at'][:10]}{reason}"
    for one in told["contradictions"]:
        veto = f": {s.said(one['veto_words'])}" if one["veto_words"] else ""
        since = s.words("; biểu ghi đã đổi từ khi quyết định", "; a record has changed since") if one["changed"] else ""
        kind = s.said(CONTRADICTIONS[one["kind"]])
        yield s.words("  Mâu thuẫn", "  Contradiction") + f" ({one['first']} · {one['second']}): {kind}{veto}{since}."


def _keys(keys: Told, s: Speech) -> Iterator[str]:
    yield ""
    if keys["compared"]:
        yield s.words("Hai biểu ghi được so nhờ khóa chung:", "The two are compared because they share keys:")
    elif keys["shared"]:
        most = keys["largest_block"]
        yield s.words(
            f"Khóa chung nào cũng có quá {most} biểu ghi, nên hai biểu ghi này không được so:",
            f"Each key they share has more than {most} records, so the two are not compared:",
        )
    else:
        yield s.words(
            "Hai biểu ghi không có chung khóa nên chưa từng được so.",
            "The two share no key, so they were never compared.",
        )
    for row in keys["shared"]:
        count = s.words(f"{row['records']} biểu ghi", f"records: {row['records']}")
        yield f"  {s.said(row['words'])}: {row['key'][1:]} ({count})"
    if not keys["compared"]:
        for name, side in (("A", "first"), ("B", "second")):
            for row in keys[side]:
                yield f"  {name}  {s.said(row['words'])}: {row['key'][1:]}"


def _standing(told: Told, s: Speech) -> Iterator[str]:
    yield ""
    if told["together"]:
        yield s.words(f"Cả hai ở trong {told['first']['union']}.", f"Both are in {told['first']['union']}.")
        if len(told["path"]) > 1:
            yield s.words("Đường nối hai biểu ghi:", "The path that joins them:")
            for edge in told["path"]:
                yield f"  {_edge(edge, s)}"
        return
    yield s.words("Hai biểu ghi ở hai cụm: ", "The two are in two clusters: ") + s.said(told["apart"]["words"]) + "."
    yield from _apart(told["apart"], s)


def _apart(apart: Told, s: Speech) -> Iterator[str]:
    for one in apart["blockers"]:
        yield f"    {one['first']} ✕ {one['second']}: {s.said(one['words'])}"
    if apart["others"]:
        yield s.words("    cũng vừa: ", "    fits as well: ") + ", ".join(apart["others"])


def _edge(edge: Told, s: Speech) -> str:
    said = [f"{edge['verdict']} {s.points(edge['score'], signed=False)}"] if edge["verdict"] else []
    if edge["decision"]:
        said.append(s.words(f"quyết định của {edge['decision']['by']}", f"decision of {edge['decision']['by']}"))
    return f"{edge['first']} — {edge['second']}: {', '.join(said)}"


def _cluster(told: Told, s: Speech) -> Iterator[str]:
    count = len(told["records"])
    yield f"{told['union'] or told['asked']}  {told['title']}"
    yield s.words(f"Cụm có {count} biểu ghi:", f"The cluster has {count} record{'s' * (count > 1)}:")
    for record in told["records"][:SHOWN]:
        mark = "*" if record["record"] == told["asked"] else " "
        yield f" {mark} {_record(record, s)}"
    yield from _rest(count, s)
    if told["waiting"]:
        yield s.words(
            "Còn biểu ghi chờ so khớp hoặc gộp: hãy chạy lienthong union.",
            "Some records wait to be matched or merged: run lienthong union.",
        )
    yield from _held(told, s)
    yield from _near(told, s)
    yield from _kept_away(told, s)
    yield from _people(told, s)


def _rest(count: int, s: Speech) -> Iterator[str]:
    if count > SHOWN:
        yield s.words(f"   … và {count - SHOWN} nữa (--json: tất cả)", f"   … and {count - SHOWN} more (--json: all)")


def _held(told: Told, s: Speech) -> Iterator[str]:
    if not told["links"]:
        return
    yield ""
    yield s.words("Nối bởi:", "Joined by:")
    for edge in told["links"][:SHOWN]:
        yield f"  {_edge(edge, s)}"
    yield from _rest(len(told["links"]), s)
    if told["bridges"]["links"]:
        yield s.words("Cầu (bỏ đi thì cụm tách):", "Bridges (without which the cluster parts):")
        for edge in told["bridges"]["links"][:SHOWN]:
            yield f"  {edge['first']} — {edge['second']}"
    if told["bridges"]["records"]:
        yield s.words("Biểu ghi làm cầu: ", "Records that bridge: ") + ", ".join(told["bridges"]["records"][:SHOWN])


def _near(told: Told, s: Speech) -> Iterator[str]:
    if told["near"]:
        yield ""
        yield s.words("Suýt vào cụm:", "Nearly in it:")
    for one in told["near"]:
        yield f"  {one['union'] or one['second']}  {one['title']}"
        points = s.points(one["score"], signed=False)
        yield f"    {one['first']} — {one['second']}: {one['verdict']} {points}; {s.said(one['apart']['words'])}"
        yield from _apart(one["apart"], s)


def _kept_away(told: Told, s: Speech) -> Iterator[str]:
    if told["kept_away"]:
        yield ""
        yield s.words("Đủ điểm nhưng có phủ quyết:", "Enough weight, but vetoed:")
    for one in told["kept_away"]:
        points = s.points(one["score"], signed=False)
        yield f"  {one['union'] or one['second']}  {one['title']}"
        yield f"    {one['first']} ✕ {one['second']}: {points}; {s.said(one['words'])} ({one['veto']})"
