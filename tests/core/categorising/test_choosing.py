import random

import numpy as np
import pytest

from core.categorising import Categoriser
from core.categorising.choosing import Choice
from core.categorising.movements import Floats
from tests.core.categorising.households import Example, movement

SHARE = np.array([0.8, 0.1, 0.1])


def _kept_back() -> list[Floats]:
    """Return the chances of 80 movements of the first category and 10 of each other, all told well."""
    return [np.array([(0.94, 0.03, 0.03)] * 80 + [(0.03, 0.94, 0.03)] * 10 + [(0.03, 0.03, 0.94)] * 10)]


def test_a_rare_category_is_chosen_when_it_is_nearly_as_likely() -> None:
    choice = Choice.learn(_kept_back(), SHARE)
    assert choice.of(np.array([[0.5, 0.48, 0.02], [0.6, 0.38, 0.02], [0.02, 0.5, 0.48]])).tolist() == [1, 0, 1]


def test_what_can_only_be_guessed_goes_where_a_mistake_does_the_least_harm() -> None:
    choice = Choice.learn(_kept_back(), SHARE)
    assert choice.of(np.array([[0.33, 0.34, 0.33]])).tolist() == [0]


def test_nothing_is_chosen_that_is_much_less_likely_than_the_likeliest() -> None:
    choice = Choice(worth=np.array([0.1, 4.0, 4.0]), break_even=np.full(3, 0.1))
    assert choice.of(np.array([[0.6, 0.35, 0.05], [0.7, 0.25, 0.05]])).tolist() == [1, 0]


def test_with_little_kept_back_the_likeliest_is_chosen() -> None:
    few = Choice.learn([np.array([[0.55, 0.43, 0.02]] * 20)], SHARE)
    assert few.of(np.array([[0.4, 0.39, 0.21], [0.3, 0.3, 0.4]])).tolist() == [0, 2]
    assert Choice.learn([], SHARE).of(np.array([[0.2, 0.5, 0.3]])).tolist() == [1]


@pytest.mark.parametrize("seed", [5, 6])
def test_a_new_payee_belongs_where_payees_are_many_not_where_movements_are(seed: int) -> None:
    chance = random.Random(seed)
    examples: list[Example] = []
    for label in ("Rent", "Gym", "Phone", "School", "Water"):
        payees = [_name(chance) for _ in range(3)]
        examples += [(movement(chance.choice(payees)), label) for _ in range(40)]
    examples += [(movement(_name(chance)), label) for label in ("Shops", "Shops", "Meals") for _ in range(10)]
    told = Categoriser(examples).propose([movement(_name(chance)) for _ in range(100)])
    assert sum(one is not None and one.label in ("Shops", "Meals") for one in told) >= 95


def _name(chance: random.Random) -> str:
    return "".join(chance.choice("bcdfghjklmnpqrstvwxyz") for _ in range(7))
