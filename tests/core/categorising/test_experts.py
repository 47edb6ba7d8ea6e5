import numpy as np
import pytest

from core.categorising.experts import OPINIONS, Experts
from core.categorising.movements import Columns
from tests.core.categorising.households import movement


def test_payees_are_counted_apart_from_movements() -> None:
    movements = [movement("GREEN HOMES")] * 9 + [movement(text) for text in ("ACME", "BOOK NOOK", "BLUE DOOR")]
    columns = Columns(movements)
    experts = Experts(columns, np.array([0] * 9 + [1] * 3), ["Rent", "Shops"])
    said = dict(zip(OPINIONS, experts.opinions(columns).layers[:, 0], strict=True))
    assert np.exp(said["share"]) == pytest.approx([9.5 / 13, 3.5 / 13])
    assert np.exp(said["spread"]) == pytest.approx([1.5 / 5, 3.5 / 5])
