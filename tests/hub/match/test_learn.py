"""Weights learned from pairs: of invented pairs whose m and u are known, by Splink, by labels, and by a plain EM."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from random import Random

import pytest

from hub.match import learn_labels, learn_splink
from hub.match.describe import describe
from hub.match.learn import FEW, LADDERS, NAMES, Estimate, Lesson, Outcome, Tally, learn, observe
from hub.match.traits import traits
from hub.sources import matching_rules
from tests.hub.stages.books import book

RULES = matching_rules()
M = {  # how often each outcome happens to two records of one publication, and of two
    "title": {"equal": (0.8, 0.7), "unmarked": (0.1, 0.08), "close": (0.09, 0.02), "near": (0.01, 0.2)},
    "author": {"equal": (0.7, 0.3), "unmarked": (0.1, 0.03), "missing": (0.18, 0.17), "different": (0.02, 0.5)},
    "isbn": {"shared": (0.1, 0.001), "missing": (0.88, 0.899), "different": (0.02, 0.1)},
    "publisher": {"equal": (0.7, 0.1), "missing": (0.28, 0.3), "different": (0.02, 0.6)},
    "year": {"equal": (0.6, 0.05), "near": (0.1, 0.1), "missing": (0.2, 0.2), "different": (0.1, 0.65)},
    "pages": {"equal": (0.6, 0.03), "near": (0.1, 0.02), "missing": (0.29, 0.3), "different": (0.01, 0.65)},
    "number": {"equal": (0.3, 0.2), "missing": (0.7, 0.8)},
}
SHARE, PAIRS = 0.4, 20_000


def drawn(*, labelled: bool, seed: int = 1) -> Counter[Tally]:
    """Pairs drawn by M; in fields it does not name both are silent."""
    random = Random(seed)
    counts: Counter[Tally] = Counter()
    for _ in range(PAIRS):
        same = random.random() < SHARE
        pattern = tuple(
            random.choices(list(M[name]), [chances[not same] for chances in M[name].values()])[0]
            if name in M
            else "missing"
            for name in NAMES
        )
        counts[Tally(pattern, False, same if labelled else None)] += 1
    return counts


def known_ratios() -> dict[Outcome, float]:
    return {(name, h): math.log2(m / u) for name, outcomes in M.items() for h, (m, u) in outcomes.items()}


def weights(lesson: Lesson) -> dict[Outcome, float]:
    return {(weight.field, weight.happened): weight.learned for weight in lesson.weights}


def assert_signs_and_order(found: dict[Outcome, float]) -> None:
    assert found["title", "equal"] >= found["title", "unmarked"] > found["title", "near"]
    assert found["author", "equal"] >= found["author", "unmarked"] > 0 > found["author", "different"]
    for field in ("publisher", "year", "pages"):
        assert found[field, "equal"] > found[field, "missing"] == 0 > found[field, "different"], field
    assert found["pages", "equal"] >= found["pages", "near"] > found["pages", "different"]
    assert found["isbn", "shared"] > 0 > found["isbn", "different"]


@pytest.fixture(scope="module")
def by_splink() -> Estimate:
    pytest.importorskip("splink", reason="the extra “train” is not installed")
    return learn_splink.estimate(drawn(labelled=False), RULES)


class TestWithoutLabels:
    def test_finds_the_m_and_u_that_the_pairs_were_drawn_by(self, by_splink: Estimate) -> None:
        for (field, happened), ratio in known_ratios().items():
            if happened != "missing" and field != "number":
                assert by_splink.ratios[field, happened] == pytest.approx(ratio, abs=0.6), (field, happened)
        number = by_splink.ratios["number", "equal"] - by_splink.ratios["number", "missing"]
        assert number == pytest.approx(math.log2(0.3 / 0.2) - math.log2(0.7 / 0.8), abs=0.3)
        assert 1 / (1 + 2**-by_splink.prior) == pytest.approx(SHARE, abs=0.03)

    def test_is_what_a_plain_em_gives(self, by_splink: Estimate) -> None:
        plain = plain_em(drawn(labelled=False))
        for outcome in (o for o in known_ratios() if o[1] != "missing"):
            assert by_splink.ratios[outcome] == pytest.approx(plain[outcome], abs=0.25), outcome

    def test_gives_weights_of_the_right_signs_and_order(self, by_splink: Estimate) -> None:
        assert_signs_and_order(weights(learn(drawn(labelled=False), by_splink, RULES, 0.005)))

    def test_the_same_pairs_give_the_same(self, by_splink: Estimate) -> None:
        again = learn_splink.estimate(drawn(labelled=False), RULES)
        assert again == by_splink


def plain_em(counts: Counter[Tally]) -> dict[Outcome, float]:
    """Expectation and maximization written out, on the outcomes of M; silence says nothing."""
    fields = [(place, name) for place, name in enumerate(NAMES) if name in M]
    share = 0.5
    m = {(name, h): chances[0] * 0.5 + 0.5 / len(M[name]) for name in M for h, chances in M[name].items()}
    u = {(name, h): chances[1] * 0.5 + 0.5 / len(M[name]) for name in M for h, chances in M[name].items()}
    for _ in range(200):
        sums = [defaultdict[Outcome, float](float), defaultdict[Outcome, float](float)]
        likely = 0.0
        for tally, count in counts.items():
            outcomes = [(name, tally.pattern[place]) for place, name in fields]
            spoken = [o for o in outcomes if o[1] != "missing" or o[0] == "number"]
            odds = share / (1 - share) * math.prod(m[o] / u[o] for o in spoken)
            chance = odds / (1 + odds)
            likely += count * chance
            for outcome in spoken:
                sums[0][outcome] += count * chance
                sums[1][outcome] += count * (1 - chance)
        share = likely / counts.total()
        for table, summed in zip((m, u), sums, strict=True):
            for name in M:
                every = sum(value for outcome, value in summed.items() if outcome[0] == name)
                table |= {outcome: value / every for outcome, value in summed.items() if outcome[0] == name}
    return {outcome: math.log2(m[outcome] / u[outcome]) for outcome in m}


class TestWithLabels:
    def test_finds_what_the_pairs_were_drawn_by(self) -> None:
        estimate = learn_labels.estimate(drawn(labelled=True), RULES)
        truth = known_ratios()
        for field in ("author", "publisher", "year", "pages"):
            wanted = truth[field, "equal"] - truth[field, "different"]
            found = estimate.ratios[field, "equal"] - estimate.ratios[field, "different"]
            assert found == pytest.approx(wanted, rel=0.3), field
        assert_signs_and_order(weights(learn(drawn(labelled=True), estimate, RULES, 0.005)))

    def test_few_labels_leave_the_present_weights(self) -> None:
        counts = Counter(dict(list(drawn(labelled=True).items())[:8]))
        ratios = learn_labels.estimate(counts, RULES).ratios
        assert ratios["edition", "different"] == pytest.approx(RULES.weights["edition"]["different"])
        assert abs(ratios["pages", "equal"] - RULES.weights["pages"]["equal"]) < 1


class TestWeights:
    def test_what_is_seldom_seen_keeps_its_weight_and_says_so(self) -> None:
        counts = drawn(labelled=False)
        counts[Tally(tuple("half_marked" if n == "title" else "missing" for n in NAMES), False)] = FEW - 1
        ratios = known_ratios() | {("title", "half_marked"): 9.0}
        found = {weight[:2]: weight for weight in learn(counts, Estimate(ratios, 0.0), RULES, 0.005).weights}
        kept = found["title", "half_marked"]
        assert (kept.learned, kept.seen, kept.kept) == (RULES.weights["title"]["half_marked"], FEW - 1, True)
        assert not found["title", "equal"].kept
        assert found.keys() == {(field, h) for field, outcomes in RULES.weights.items() for h in outcomes}

    def test_outcomes_in_the_wrong_order_share_their_mean(self) -> None:
        ratios = known_ratios() | {("author", "unmarked"): 5.0}
        found = weights(learn(drawn(labelled=False), Estimate(ratios, 0.0), RULES, 0.005))
        assert found["author", "equal"] == found["author", "unmarked"] > 0

    def test_one_outcome_of_each_field_stays_so_that_the_sums_can_be_read(self) -> None:
        found = weights(learn(drawn(labelled=False), Estimate(known_ratios(), 0.0), RULES, 0.005))
        assert found["title", "equal"] == RULES.weights["title"]["equal"]
        assert {weight for (_, happened), weight in found.items() if happened == "missing"} == {0.0}

    def test_the_ladders_name_outcomes_that_the_rules_have(self) -> None:
        assert all(RULES.weights[field].keys() >= set(ladder) for field, ladder in LADDERS.items())


class TestThresholds:
    COUNTS = drawn(labelled=True)

    def test_the_stated_error_is_kept_and_a_stricter_one_is_no_lower(self) -> None:
        estimate = Estimate(known_ratios(), math.log2(SHARE / (1 - SHARE)))
        strict, loose = (learn(self.COUNTS, estimate, RULES, error) for error in (0.001, 0.02))
        assert strict.same.errors <= 0.001
        assert loose.same.errors <= 0.02
        assert strict.same.score >= loose.same.score >= loose.ask.score
        assert strict.ask.reached >= 0.999
        assert strict.same.reached <= loose.same.reached
        assert (strict.labelled, strict.pairs) == (PAIRS, PAIRS)

    def test_pairs_that_a_veto_keeps_apart_do_not_count_for_them(self) -> None:
        estimate = Estimate(known_ratios(), 0.0)
        more = self.COUNTS + Counter({tally._replace(vetoed=True, same=False): 1 for tally in self.COUNTS})
        assert learn(more, estimate, RULES, 0.005).same.errors <= 0.005


def test_pairs_that_the_rules_settle_are_not_observed() -> None:
    def looks(title: str, **more: str) -> object:
        return traits(describe(book("1", title, **more)), RULES)

    forest = looks("Đất rừng phương Nam")
    assert observe(forest, looks("Dế Mèn phiêu lưu ký"), RULES) is None  # type: ignore[arg-type]
    one, other = looks("Kính vạn hoa", volume="1"), looks("Kính vạn hoa", volume="2")
    assert observe(one, other, RULES) is None  # type: ignore[arg-type]
    soft = observe(forest, looks("Đất rừng phương Nam", publisher="Văn học", pages="300"), RULES)  # type: ignore[arg-type]
    assert soft is not None
    assert soft.vetoed
    plain = observe(forest, looks("DAT RUNG PHUONG NAM"), RULES)  # type: ignore[arg-type]
    assert plain is not None
    assert (plain.vetoed, dict(zip(NAMES, plain.pattern, strict=True))["title"]) == (False, "unmarked")
