"""A file and a bank connection tell of one movement: proposed, decided by the person, told apart again."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import NotFoundError, ValidationError
from core.ledger import (
    Actions,
    Changes,
    Conditions,
    JudgedRow,
    SourceFile,
    StatementRecord,
    add_rule,
    apply_update,
    edit_transactions,
    import_statements,
    keep_both,
    list_accounts,
    preview_statement,
    transaction_detail,
    undo_import,
)
from core.store import Store
from tests.core.ledger.household import Household, add_person, bought, settle, statement, update

OFX = SourceFile("ofx", "march.ofx", "0" * 64)
CSV = SourceFile("csv", "march.csv", "1" * 64)
FILE = statement(bought("f1", "-4.50", day=12, name="CORNER SHOP 0041"))
BANK = bought("t1", "-4.50", day=10, name="Corner Shop Ltd")


@pytest.fixture
def home(store: Store) -> Household:
    """Return a household whose connection told of one purchase."""
    here = settle(store)
    apply_update(store, here.user, here.item, update(BANK), since="")
    return here


def account(home: Household) -> int:
    return list_accounts(home.store, home.user)[0].id


def judged(home: Household, part: StatementRecord, source: SourceFile = OFX) -> tuple[JudgedRow, ...]:
    return preview_statement(home.store, home.user, part, account(home), source).rows


def take(home: Household, part: StatementRecord, source: SourceFile = OFX, keep: str = "") -> tuple[int, int, int]:
    """Import; return how many rows were new, how many there already, and the batch."""
    wanted = frozenset({keep} if keep else ())
    (result,) = import_statements(home.store, home.user, [(part, account(home))], source, wanted)
    return result.new, result.duplicates, result.batch_id


def test_a_likely_row_names_its_twin(home: Household) -> None:
    (row,) = judged(home, FILE)
    (known,) = home.rows()
    assert (row.verdict, row.twin, row.twin_date, row.twin_text) == (
        "likely", known.id, date(2026, 3, 10), "Corner Shop Ltd",
    )  # fmt: skip
    preview = preview_statement(home.store, home.user, FILE, account(home))
    assert (preview.new, preview.duplicates, preview.likely) == (0, 1, 1)


def test_the_same_words_of_the_same_day_are_still_for_the_person_to_say(home: Household) -> None:
    (row,) = judged(home, statement(bought("f1", "-4.50", day=10, name="Corner Shop Ltd")))
    assert row.verdict == "likely"


@pytest.mark.parametrize(
    ("day", "name", "verdict"),
    [
        (7, "CORNER SHOP 0041", "likely"),
        (6, "CORNER SHOP 0041", "new"),
        (13, "CORNER SHOP 0041", "likely"),
        (14, "CORNER SHOP 0041", "new"),
        (11, "Petrol station", "new"),
        (10, "Petrol station", "likely"),
    ],
)
def test_three_days_and_like_words_make_it_likely(home: Household, day: int, name: str, verdict: str) -> None:
    (row,) = judged(home, statement(bought("f1", "-4.50", day=day, name=name)))
    assert row.verdict == verdict


def test_each_of_the_banks_rows_answers_for_one_and_the_nearest(home: Household) -> None:
    part = statement(*(bought(f"f{day}", "-4.50", day=day, name="CORNER SHOP 0041") for day in (8, 10, 12)))
    assert [row.verdict for row in judged(home, part)] == ["new", "likely", "new"]


def test_by_default_it_is_the_same_and_known_from_then_on(home: Household) -> None:
    assert take(home, FILE)[:2] == (0, 1)
    assert [row.verdict for row in judged(home, FILE)] == ["duplicate"]
    (row,) = home.rows()
    assert (row.name, row.provider_key) == ("Corner Shop Ltd", "t1")


def test_on_the_persons_word_it_is_another_and_not_asked_again(home: Household) -> None:
    (row,) = judged(home, FILE)
    assert take(home, FILE, keep=row.file_key)[:2] == (1, 0)
    assert len(home.rows()) == 2
    assert [one.verdict for one in judged(home, FILE)] == ["duplicate"]
    assert take(home, FILE)[:2] == (0, 1)


def test_a_pending_row_of_the_bank_answers_too_and_keeps_the_file_when_it_posts(home: Household) -> None:
    waiting = bought("p1", "-8.00", day=20, name="Tram Company", pending=True)
    apply_update(home.store, home.user, home.item, update(waiting, cursor="c2"), since="c1")
    part = statement(bought("f2", "-8.00", day=21, name="TRAM COMPANY"))
    assert [row.verdict for row in judged(home, part)] == ["likely"]
    take(home, part)
    posted = bought("t2", "-8.00", day=21, name="Tram Company", pending_key="p1")
    apply_update(home.store, home.user, home.item, update(posted, removed=("p1",), cursor="c3"), since="c2")
    assert [row.provider_key for row in home.rows()] == ["t1", "t2"]
    assert [row.verdict for row in judged(home, part)] == ["duplicate"]


def test_a_certain_duplicate_can_be_added_all_the_same(home: Household) -> None:
    take(home, FILE)
    (row,) = judged(home, FILE)
    assert take(home, FILE, keep=row.file_key)[:2] == (1, 0)
    assert take(home, FILE, keep=row.file_key)[:2] == (1, 0)
    assert len(home.rows()) == 3


def test_a_second_make_of_file_for_a_linked_account_is_asked_about_too(home: Household) -> None:
    take(home, FILE)
    (row,) = judged(home, statement(bought(None, "-4.50", day=11, name="Corner shop, card")), CSV)
    assert row.verdict == "likely"


def test_the_next_purchase_of_the_same_file_is_not_the_one_that_is_known(home: Household) -> None:
    take(home, FILE)
    (row,) = judged(home, statement(bought("f2", "-4.50", day=11, name="CORNER SHOP 0041")))
    assert row.verdict == "new"


def test_other_words_in_a_file_of_another_make_are_likely_and_of_the_same_make_new(home: Household) -> None:
    part = statement(bought("f9", "-70", day=20, name="Coffee House"))
    other = statement(bought(None, "-70", day=20, name="Coffee Bar"))
    take(home, part)
    assert [row.verdict for row in judged(home, other, CSV)] == ["likely"]
    assert [row.verdict for row in judged(home, other, OFX)] == ["new"]


def fields(home: Household, number: int) -> list[tuple[str, str, str]]:
    return [
        (one.source, one.field, one.before)
        for one in transaction_detail(home.store, home.user, number).history
        if one.field in {"joined", "parted"}
    ]


def test_a_sync_that_takes_over_a_files_row_says_so_and_it_can_be_told_apart(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(), since="")
    _, _, batch = take(home, FILE)
    (row,) = home.rows()
    edit_transactions(store, home.user, [row.id], Changes(note="mine"))
    apply_update(store, home.user, home.item, update(BANK, cursor="c2"), since="c1")
    assert fields(home, row.id) == [("bank", "joined", "2026-03-12: CORNER SHOP 0041")]
    assert transaction_detail(store, home.user, row.id).joined

    again = keep_both(store, home.user, row.id)
    theirs, ours = sorted(home.rows(), key=lambda one: one.provider_key is None)
    assert (theirs.id, theirs.provider_key, theirs.name, theirs.note) == (row.id, "t1", "Corner Shop Ltd", "mine")
    assert (ours.id, ours.date, ours.name, ours.amount) == (
        again, date(2026, 3, 12), "CORNER SHOP 0041", Decimal("-4.50"),
    )  # fmt: skip
    assert not transaction_detail(store, home.user, row.id).joined
    with pytest.raises(ValidationError):
        keep_both(store, home.user, row.id)
    assert [one.verdict for one in judged(home, FILE)] == ["duplicate"]
    changed = bought("t1", "-4.50", day=10, name="Corner Shop Limited")
    apply_update(store, home.user, home.item, update(modified=(changed,), cursor="c3"), since="c2")
    assert len(home.rows()) == 2
    assert undo_import(store, home.user, batch) == 1
    assert [one.provider_key for one in home.rows()] == ["t1"]


def test_what_was_said_to_be_the_same_can_be_told_apart_too(home: Household) -> None:
    _, _, batch = take(home, FILE)
    (row,) = home.rows()
    assert fields(home, row.id) == [("import", "joined", "2026-03-12: CORNER SHOP 0041")]
    keep_both(home.store, home.user, row.id)
    assert sorted(one.name for one in home.rows()) == ["CORNER SHOP 0041", "Corner Shop Ltd"]
    assert [one.verdict for one in judged(home, FILE)] == ["duplicate"]
    assert undo_import(home.store, home.user, batch) == 1
    assert [one.provider_key for one in home.rows()] == ["t1"]


def test_rules_speak_of_the_row_that_comes_back(home: Household) -> None:
    add_rule(home.store, home.user, "", Conditions(texts=("corner shop",)), Actions(tags=("near",)))
    take(home, FILE)
    keep_both(home.store, home.user, home.rows()[0].id)
    assert [row.rule_tags for row in home.rows()] == ["near", "near"]


def test_nobody_else_tells_a_row_apart(home: Household) -> None:
    take(home, FILE)
    (row,) = home.rows()
    with pytest.raises(NotFoundError):
        keep_both(home.store, add_person(home.store, "eve@example.org"), row.id)
    assert len(home.rows()) == 1
