"""Imports that are being written: one at a time for each person, and an end that waits for them."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.ledger import ImportResult
from core.store import UserId
from pages.files.under_way import (
    Finished,
    UnderWayError,
    being_written,
    file_under_way,
    is_finished,
    keep_finished,
    take_finished,
)

ADA, BOB = UserId(1_000_001), UserId(1_000_002)


def test_a_second_click_writes_nothing_while_the_first_is_written() -> None:
    with being_written(ADA, "march.csv"):
        assert (file_under_way(ADA), file_under_way(BOB)) == ("march.csv", None)
        with pytest.raises(UnderWayError), being_written(ADA, "march.csv"):
            pytest.fail("its accounts would be made twice")
        with being_written(BOB, "april.csv"):
            assert file_under_way(BOB) == "april.csv"
        assert file_under_way(ADA) == "march.csv"
    assert file_under_way(ADA) is None


def test_one_that_fails_is_under_way_no_more() -> None:
    with pytest.raises(OSError, match="full"), being_written(ADA, "march.csv"):
        raise OSError("the disk is full")
    assert file_under_way(ADA) is None


def test_what_came_of_it_is_told_once_and_to_its_person_alone() -> None:
    done = Finished("file", "march.csv", ())
    keep_finished(ADA, done)
    assert (is_finished(ADA), is_finished(BOB)) == (True, False)
    assert take_finished(BOB) == []
    assert take_finished(ADA) == [done]
    assert take_finished(ADA) == []
    assert not is_finished(ADA)


def test_what_a_person_who_is_gone_took_in_is_not_told_to_who_has_their_id_now(
    open_screen: Callable[..., AppTest], person: UserId
) -> None:
    keep_finished(person, Finished("file", "payday.csv", [("Ada's", ImportResult(10**6, 1, 5, 0))]))
    app = open_screen("import_file", person)
    assert not app.exception
    assert "payday" not in "".join(one.value for one in app.markdown)
    assert not is_finished(person)
