"""The built-in categories cover every code that a bank can give."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from core.config import REFERENCE
from core.ledger.categories import category_ids, category_of

PRIMARIES: Final = 18
DETAILED: Final = 123


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """Read the shipped categories."""
    with (REFERENCE / "categories.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _taxonomy(shared: Path) -> Iterator[tuple[str, str, str, str]]:
    with (shared / "plaid" / "pfc-taxonomy.csv").open(encoding="utf-8", newline="") as file:
        for primary, detailed, _, old_primary, old_detailed in csv.reader(file):
            if detailed.startswith(f"{primary}_"):
                yield primary, detailed, old_primary, old_detailed


def test_every_code_of_the_taxonomy_is_covered(shared: Path, rows: list[dict[str, str]]) -> None:
    taxonomy = list(_taxonomy(shared))
    assert len(taxonomy) == DETAILED
    group = {row["code"]: row["group"] for row in rows}
    assert set(group) == {code for primary, detailed, *_ in taxonomy for code in (primary, detailed)}
    codes = {row["code"]: row for row in rows}
    for primary, detailed, old_primary, old_detailed in taxonomy:
        assert group[detailed] == primary
        assert category_of(primary) == int(codes[primary]["id"])
        assert category_of(detailed) == int(codes[detailed]["id"])
        if "/" not in old_detailed and old_detailed:
            assert category_of(old_detailed) == int(codes[detailed]["id"])
            assert old_detailed in codes[detailed]["v1"].split()
        for old in (*old_primary.split(" / "), *old_detailed.split(" / ")):
            assert not old or old in category_ids()


def test_ids_are_stable_and_below_a_persons_own(rows: list[dict[str, str]]) -> None:
    numbers = {row["code"]: int(row["id"]) for row in rows}
    assert sorted(numbers.values()) == [*range(1, PRIMARIES + 1), *range(101, 101 + DETAILED)]
    # Stored transactions point to these: they must never move.
    assert (numbers["INCOME"], numbers["OTHER"], numbers["INCOME_CHILD_SUPPORT"], numbers["OTHER_OTHER"]) == (
        1,
        18,
        101,
        223,
    )
    assert (numbers["FOOD_AND_DRINK_GROCERIES"], numbers["RENT_AND_UTILITIES_RENT"]) == (158, 218)


def test_every_category_has_a_title_an_icon_a_kind_and_a_need(rows: list[dict[str, str]]) -> None:
    titles = [row["title"] for row in rows]
    assert len(set(titles)) == len(titles) == PRIMARIES + DETAILED
    for row in rows:
        assert 3 <= len(row["title"]) <= 28
        assert row["title"][0].isupper()
        assert row["icon"]
        assert row["kind"] in {"income", "spending", "transfer"}
        assert row["need"] in ({"need", "want"} if row["kind"] == "spending" else {"", "saving"})


def test_money_between_own_pockets_is_neither_income_nor_spending(rows: list[dict[str, str]]) -> None:
    kind = {row["code"]: row["kind"] for row in rows}
    assert kind["LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"] == "transfer"
    assert kind["LOAN_PAYMENTS_MORTGAGE_PAYMENT"] == "spending"
    moved = {code for code in kind if code.startswith(("TRANSFER_", "LOAN_DISBURSEMENTS"))}
    exceptions = {"TRANSFER_OUT_WITHDRAWAL": "spending", "TRANSFER_IN_DEPOSIT": "income"}
    assert {code: kind[code] for code in moved} == {code: exceptions.get(code, "transfer") for code in moved}
    assert all(kind[code] == "income" for code in kind if code.startswith("INCOME"))


def test_icons_are_ones_that_the_screens_can_draw(rows: list[dict[str, str]]) -> None:
    names = pytest.importorskip("streamlit.material_icon_names").ALL_MATERIAL_ICONS
    assert {row["icon"] for row in rows} <= set(names)
