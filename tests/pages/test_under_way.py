"""Imports that are being written: one at a time for each person, and an end that waits for them."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import FinTrackError
from core.identity import profile
from core.ledger import ImportResult, list_accounts
from core.runtime import Runtime
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
from pages.shared.formats import plain_text
from tests.machine.refusing import refuse, take_again
from tests.pages.test_settings import press

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
    done = Finished("ada@example.org", "file", "march.csv")
    keep_finished(ADA, done)
    assert (is_finished(ADA), is_finished(BOB)) == (True, False)
    assert take_finished(BOB) == []
    assert take_finished(ADA) == [done]
    assert take_finished(ADA) == []
    assert not is_finished(ADA)


def test_what_a_person_who_is_gone_took_in_is_not_told_to_who_has_their_id_now(
    open_screen: Callable[..., AppTest], person: UserId
) -> None:
    keep_finished(person, Finished("ada@example.org", "file", "payday.csv", [("Ada's", ImportResult(10**6, 1, 5, 0))]))
    full = FinTrackError("The disk is full.", "Make room.")
    keep_finished(person, Finished("ada@example.org", "file", "payday.csv", failure=full))
    app = open_screen("import_file", person)
    assert not app.exception
    assert "payday" not in "".join(one.value for kind in ("markdown", "error") for one in app.get(kind))
    assert not is_finished(person)


def test_why_a_file_could_not_be_taken_in_waits_for_who_left_the_screen(
    open_screen: Callable[..., AppTest], house: Runtime, person: UserId
) -> None:
    full = FinTrackError("The disk is full.", "Make room.")
    email = profile(house.store, person).email
    keep_finished(person, Finished(email, "file", "pay_*day*.csv", failure=full))
    app = open_screen("import_file", person)
    (said,) = app.error
    assert said.value == plain_text("pay_*day*.csv could not be taken in. The disk is full.") + "  \nMake room\\."
    assert not app.run().error


@pytest.fixture
def refusing(house: Runtime) -> Iterator[None]:
    """Let the store refuse every import."""
    with house.store.write() as session:
        refuse(session, "import_batches")
    yield
    with house.store.write() as session:
        take_again(session, "import_batches")


@pytest.mark.both_stores
def test_a_file_that_is_refused_stays_there_to_be_tried_again(
    open_screen: Callable[..., AppTest], house: Runtime, person: UserId, refusing: None
) -> None:
    app = open_screen("import_file", person)
    app.get("file_uploader")[0].upload(
        "march.csv", b"Date,Payee,Amount\n2026-03-01,Corner Shop,-4.50\n", "text/csv"
    ).run()
    press(app, "Import 1 transaction")
    (said,) = app.error
    assert said.value.replace("\\", "").startswith("march.csv could not be taken in. The store refused this step")
    assert not list_accounts(house.store, person)
    with house.store.write() as session:
        take_again(session, "import_batches")
    press(app, "Import 1 transaction")
    assert not app.error
    assert "1 new, 0 already there" in "".join(one.value for one in app.markdown)
