import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.categorising import PRECISION, Categoriser, Movement
from core.ledger import category_ids, category_of
from tests.core.categorising.households import Example, household, movement, told_by_circumstances
from tests.machine.examples import examples


def _right(categoriser: Categoriser[str], examples: list[Example]) -> np.ndarray:
    proposals = categoriser.propose([one for one, _ in examples])
    return np.array([one.label == label for one, (_, label) in zip(proposals, examples, strict=True)])


def test_a_merchants_category_is_told_whatever_its_number_and_city() -> None:
    examples = household(1, 500)
    assert _right(Categoriser(examples[:300]), examples[300:]).mean() >= 0.98


def test_a_new_merchant_is_told_by_the_words_it_shares() -> None:
    categoriser = Categoriser(household(1, 300))
    assert _right(categoriser, household(99, 200)).mean() >= 0.9


def test_amount_sign_and_weekday_tell_apart_what_the_text_does_not() -> None:
    examples = told_by_circumstances(2, 500)
    assert _right(Categoriser(examples[:350]), examples[350:]).mean() >= 0.95


def test_the_account_tells_apart_what_nothing_else_does() -> None:
    examples = [(movement("CARD PAYMENT", account=name), name) for name in ("joint", "own") * 20]
    told = Categoriser(examples).propose([movement("CARD PAYMENT", account="own")])
    assert told[0].label == "own"


def test_the_banks_label_tells_what_the_text_does_not() -> None:
    codes = {"TRAVEL_FLIGHTS": 7, "MEDICAL_DENTAL_CARE": 9}
    examples = [(movement(f"ZQ{n}X KV", bank_code=code), label) for n in range(15) for code, label in codes.items()]
    told = Categoriser(examples).propose([movement("WVU", bank_code="TRAVEL_FLIGHTS")])
    assert told[0].label == 7


def test_ten_examples_are_enough_for_what_was_seen() -> None:
    examples = [(movement(text), label) for text, label in (("ACME GYM", 1), ("BOOK NOOK", 2)) for _ in range(5)]
    told = Categoriser(examples).propose([movement("ACME GYM 0042"), movement("BOOK NOOK LTD")])
    assert [one.label for one in told] == [1, 2]


def test_with_no_examples_the_reference_merchants_tell() -> None:
    categoriser: Categoriser[int] = Categoriser([], of_code=category_of)
    netflix, rent, nothing = categoriser.propose([movement("NETFLIX.COM 866"), movement("Miete Mai"), movement("QXZ")])
    assert netflix is not None
    assert (netflix.label, netflix.source) == (category_ids()["ENTERTAINMENT_TV_AND_MOVIES"], "merchant")
    assert rent is not None
    assert (rent.label, rent.source) == (category_ids()["RENT_AND_UTILITIES_RENT"], "word")
    assert not netflix.sure
    assert nothing is None


def test_the_banks_own_label_goes_before_the_reference() -> None:
    categoriser: Categoriser[int] = Categoriser([], of_code=category_of)
    told = categoriser.propose([movement("NETFLIX", bank_code="GENERAL_SERVICES_INSURANCE")])[0]
    assert told is not None
    assert (told.label, told.source) == (category_ids()["GENERAL_SERVICES_INSURANCE"], "bank")


def test_a_category_nobody_used_yet_is_proposed_by_the_reference() -> None:
    examples = [(movement(f"GREEN MARKET {n}"), 158) for n in range(12)]
    told = Categoriser(examples, titles=lambda _: "FOOD_AND_DRINK_GROCERIES", of_code=category_of)
    assert told.propose([movement("LUFTHANSA 220")])[0].label == category_ids()["TRAVEL_FLIGHTS"]


def test_one_category_alone_is_not_taken_for_everything() -> None:
    categoriser = Categoriser([(movement(f"GREEN MARKET {n}"), "Food") for n in range(12)])
    known, new = categoriser.propose([movement("GREEN MARKET 77"), movement("QXZV")])
    assert known is not None
    assert new is not None
    assert (known.label, new.label, new.sure, new.confidence) == ("Food", "Food", False, 0.5)


def test_names_alike_help_while_examples_are_few() -> None:
    examples = [(movement("AB"), "Pharmacy"), (movement("CD"), "Fuel"), (movement("EF"), "Books & newspapers")]
    told = Categoriser(examples).propose([movement("WALGREENS 12"), movement("CHEVRON 0093"), movement("WATERSTONES")])
    assert [one.label for one in told] == ["Pharmacy", "Fuel", "Books & newspapers"]


def test_the_same_examples_make_the_same_categoriser() -> None:
    examples = household(3, 200)
    asked = [one for one, _ in household(4, 100)]
    assert Categoriser(examples).propose(asked) == Categoriser(examples).propose(asked)


def test_what_is_asked_together_does_not_matter() -> None:
    categoriser = Categoriser(household(3, 200))
    asked = [one for one, _ in household(4, 20)]
    together, alone = categoriser.propose(asked), [categoriser.propose([one])[0] for one in asked]
    assert [one.label for one in together] == [one.label for one in alone]
    assert [one.confidence for one in together] == pytest.approx([one.confidence for one in alone])


@pytest.mark.parametrize("seed", [5, 6])
def test_confidence_is_how_often_it_is_right(seed: int) -> None:
    examples = household(seed, 1400, mistakes=0.15)
    categoriser, asked = Categoriser(examples[:800]), examples[800:]
    right = _right(categoriser, asked)
    confidence = np.array([one.confidence for one in categoriser.propose([one for one, _ in asked])])
    assert abs(confidence.mean() - right.mean()) <= 0.05
    groups = np.array_split(np.argsort(confidence), 4)
    assert sum(abs(confidence[group].mean() - right[group].mean()) for group in groups) / 4 <= 0.07


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_what_is_set_without_asking_is_right_as_promised(seed: int) -> None:
    chance = random.Random(seed)
    tossed = [(movement(f"MISC {number}"), f"any {chance.randrange(5)}") for number in range(300)]
    examples = household(seed, 900, mistakes=0.02) + tossed
    learned, asked = examples[::2], examples[1::2]
    categoriser = Categoriser(learned)
    sure = np.array([one.sure for one in categoriser.propose([one for one, _ in asked])])
    assert 0.5 <= sure.mean() <= 0.85
    assert _right(categoriser, asked)[sure].mean() >= PRECISION - 0.02


@pytest.mark.parametrize("shops", [4, 6])
def test_nothing_is_set_that_few_examples_taught(shops: int) -> None:
    examples = [(movement(f"SHOP {'ABCDEF'[n % shops] * 4} {n}"), "ABCDEF"[n % shops]) for n in range(40)]
    asked = [one for one, _ in examples[:shops]]
    rare = movement("PLUMBER 1"), "rare"

    def sets(examples: list[Example]) -> list[bool]:
        return [one.sure for one in Categoriser(examples).propose([*asked, rare[0]]) if one]

    assert sets([*examples[:25], *[rare] * 4]) == [False] * (shops + 1)
    assert sets([*examples, *[rare] * 4]) == [True] * shops + [False]


@pytest.mark.parametrize("taught", [3, 6, 12])
def test_a_payee_never_met_is_set_only_when_most_categories_were_taught(taught: int) -> None:
    examples = household(12, 1600) + told_by_circumstances(12, 400)
    random.Random(12).shuffle(examples)
    known = sorted({label for _, label in examples})[:taught]
    learned = [one for one in examples if one[1] in known][:400]
    asked = [one for one, _ in household(99, 200)]
    met = [one for one, _ in learned[:200]]
    categoriser = Categoriser(learned)
    assert any(one.sure for one in categoriser.propose(asked)) == (taught == 12)
    assert any(one.sure for one in categoriser.propose(met))


def test_what_is_a_coin_toss_is_never_set() -> None:
    examples = [(one, f"{label}{number % 2}") for number, (one, label) in enumerate(household(10, 400))]
    assert not any(one.sure for one in Categoriser(examples[:300]).propose([one for one, _ in examples[300:]]))


MOVEMENTS = st.builds(
    Movement,
    st.dates(),
    st.text(max_size=40) | st.sampled_from(["", "   ", "🍕🍕", "1234 5678", "ﬁne İstanbul", "x" * 1000, "\x00"]),
    st.decimals(allow_nan=False, allow_infinity=False)
    | st.sampled_from([Decimal("1e400"), Decimal("-1e400"), Decimal(0)]),
    st.none() | st.integers(0, 3),
    st.sampled_from(["", "TRAVEL_FLIGHTS", "NONE_SUCH"]),
)


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.tuples(MOVEMENTS, st.integers(0, 3)), max_size=12), st.lists(MOVEMENTS, max_size=4))
def test_whatever_banks_send_is_answered(examples: list[tuple[Movement, int]], asked: list[Movement]) -> None:
    labels = {label for _, label in examples}
    proposals = Categoriser(examples).propose(asked)
    assert len(proposals) == len(asked)
    if labels:
        assert all(one is not None and one.label in labels and 0 <= one.confidence <= 1 for one in proposals)
