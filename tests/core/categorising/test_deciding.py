import numpy as np

from core.categorising.deciding import CAREFUL, Decision
from core.categorising.experts import OPINIONS, Opinions
from core.categorising.movements import Floats, Ints


def _asked(likely: Floats, margin: Floats, *, met: bool = True) -> tuple[Opinions, Floats]:
    """Return what is said of movements with two categories: how likely the first is, and how far ahead by its text."""
    layers = np.zeros((len(OPINIONS), len(likely), 2))
    layers[OPINIONS.index("text"), :, 0] = margin
    place = np.full(len(likely), 0 if met else -1)
    return Opinions(layers, place, place), np.column_stack([likely, 1 - likely])


def _kept_back(number: int) -> tuple[Opinions, Floats, Ints]:
    """Return movements that all are likely enough, and the more often right the clearer their text is."""
    chance = np.random.default_rng(7)
    likely, margin = chance.uniform(0.95, 0.9999, number), chance.uniform(0, 1, number)
    right = chance.random(number) < 0.6 + 0.4 * margin
    return *_asked(likely, margin), np.where(right, 0, 1)


def test_who_is_likely_anyway_is_ranked_by_how_clear_the_text_is() -> None:
    decision = Decision.learn([_kept_back(120)], np.array([0.5, 0.5]))
    judged = decision.judge(*_asked(np.array([0.9999, 0.96]), np.array([0.1, 0.9])))
    assert judged.chosen.tolist() == [0, 0]
    assert judged.confidence[1] > judged.confidence[0]


def test_where_nothing_was_measured_the_odds_alone_are_not_believed() -> None:
    odds = np.linspace(0.95, 0.9999, 200)
    others = *_asked(odds, np.full(200, 0.5)), np.where(np.arange(200) % 5 < 3, 0, 1)
    decision = Decision.learn([others], np.array([0.5, 0.5]))
    judged = decision.judge(*_asked(np.array([0.975, 0.99, 0.999]), np.full(3, 0.5), met=False))
    assert judged.confidence.max() < 0.9
    assert not judged.enough.any()


def test_where_too_few_were_kept_back_the_chance_itself_has_to_be_high() -> None:
    for kept_back in ([], [_kept_back(20)]):
        decision = Decision.learn(kept_back, np.array([0.5, 0.5]))
        chances = np.array([CAREFUL - 0.01, CAREFUL + 0.01])
        assert decision.judge(*_asked(chances, np.ones(2))).enough.tolist() == [False, True]
