"""Rules: the first that fits and tells decides, the person's own word stands above them, and they take theirs back."""

from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cache import Caches, verify
from core.errors import NotFoundError, ValidationError
from core.ledger import (
    Actions,
    Changes,
    Conditions,
    add_rule,
    apply_update,
    change_rule,
    delete_rule,
    edit_transactions,
    enable_rule,
    list_rules,
    move_rule,
    preview_rule,
    suggest_rules,
)
from core.ledger.rules import fits, folded
from core.store import Store
from tests.core.ledger.household import Household, add_person, bought, settle, update
from tests.machine.examples import examples

GROCERIES, CLOTHES = 8, 9
NUMBERS = count(1)
SHOP = Conditions(texts=("corner shop",))
FOOD = Actions(category_id=GROCERIES)


def home_with(store: Store, *rows: tuple[str, str, str]) -> Household:
    """Settle a household with transactions of a key, an amount and a name."""
    home = settle(store)
    apply_update(
        store, home.user, home.item, update(*(bought(key, amount, name=name) for key, amount, name in rows)), since=""
    )
    return home


def shown(home: Household) -> list[tuple[str, int | None, int | None]]:
    return [(row.name, row.rule_category_id, row.rule_id) for row in home.rows()]


def test_a_rule_speaks_of_what_is_there_and_of_what_comes(store: Store) -> None:
    home = home_with(store, ("a", "-4.50", "CORNER  SHOP 17"), ("b", "-9", "Tailor"))
    rule = add_rule(store, home.user, "", SHOP, FOOD)
    assert shown(home) == [("CORNER  SHOP 17", GROCERIES, rule), ("Tailor", None, None)]
    apply_update(
        store, home.user, home.item, update(bought("c", "-3", name="The Córner Shop"), cursor="c2"), since="c1"
    )
    assert ("The Córner Shop", GROCERIES, rule) in shown(home)
    assert [(one.name, one.rows) for one in list_rules(store, home.user)] == [("corner shop", 2)]


def test_a_rule_for_the_future_leaves_the_past_alone(store: Store) -> None:
    home = home_with(store, ("a", "-4.50", "Corner shop"))
    add_rule(store, home.user, "Food", SHOP, FOOD, past=False)
    assert shown(home) == [("Corner shop", None, None)]
    apply_update(store, home.user, home.item, update(bought("b", "-3"), cursor="c2"), since="c1")
    assert [category for _, category, _ in shown(home)] == [None, GROCERIES]


def test_a_rule_for_the_future_is_not_let_into_the_past_by_another_one(store: Store) -> None:
    home = home_with(store, ("a", "-4.50", "Corner shop"), ("b", "-9", "Tailor"))
    add_rule(store, home.user, "Food", SHOP, FOOD, past=False)
    asked, said = Conditions(texts=("tailor",)), Actions(CLOTHES)
    assert preview_rule(store, home.user, asked, said).changing == 1
    other = add_rule(store, home.user, "Clothes", asked, said)
    move_rule(store, home.user, other, 1)
    enable_rule(store, home.user, other, enabled=False)
    enable_rule(store, home.user, other, enabled=True)
    change_rule(store, home.user, other, "Clothes", asked, Actions(CLOTHES, tags=("suit",)))
    assert shown(home) == [("Corner shop", None, None), ("Tailor", CLOTHES, other)]
    delete_rule(store, home.user, other)
    assert shown(home) == [("Corner shop", None, None), ("Tailor", None, None)]


def test_a_rule_that_is_changed_for_the_future_speaks_anew_where_it_spoke(store: Store) -> None:
    home = home_with(store, ("a", "-4.50", "Corner shop"), ("b", "-9", "Tailor"))
    add_rule(store, home.user, "Food", SHOP, FOOD)
    tags = add_rule(store, home.user, "Tags", SHOP, Actions(tags=("near",)))
    # The other rule tells the category: that one alone is named on the row.
    change_rule(store, home.user, tags, "Tags", Conditions(direction="out"), Actions(tags=("far",)), past=False)
    assert [row.rule_tags for row in home.rows()] == ["far", ""]
    change_rule(store, home.user, tags, "Tags", Conditions(texts=("tailor",)), Actions(tags=("far",)), past=False)
    assert [row.rule_tags for row in home.rows()] == ["", ""]


def test_places_in_the_order_have_no_gaps(store: Store) -> None:
    user = add_person(store)
    first, *_ = (add_rule(store, user, name, SHOP, FOOD) for name in "abc")
    delete_rule(store, user, first)
    assert [(one.name, one.position) for one in list_rules(store, user)] == [("b", 1), ("c", 2)]


def test_a_rule_takes_its_word_back_when_it_is_switched_off_or_deleted(store: Store) -> None:
    home = home_with(store, ("a", "-4.50", "Corner shop"))
    rule = add_rule(store, home.user, "", SHOP, Actions(GROCERIES, "The shop", ("food", "near"), hidden=True))
    (row,) = home.rows()
    assert (row.rule_name, row.rule_tags, row.rule_hidden) == ("The shop", "food\nnear", True)
    enable_rule(store, home.user, rule, enabled=False)
    assert shown(home) == [("Corner shop", None, None)]
    enable_rule(store, home.user, rule, enabled=True)
    assert shown(home) == [("Corner shop", GROCERIES, rule)]
    delete_rule(store, home.user, rule)
    (row,) = home.rows()
    assert (row.rule_id, row.rule_name, row.rule_tags, row.rule_hidden) == (None, "", "", False)


def test_the_first_rule_that_fits_decides_and_the_order_can_be_changed(store: Store) -> None:
    home = home_with(store, ("a", "-4.50", "Corner shop"))
    first = add_rule(store, home.user, "", SHOP, FOOD)
    second = add_rule(store, home.user, "", Conditions(direction="out"), Actions(CLOTHES, tags=("out",)))
    assert shown(home) == [("Corner shop", GROCERIES, first)]
    assert home.rows()[0].rule_tags == "out"
    move_rule(store, home.user, second, 1)
    assert shown(home) == [("Corner shop", CLOTHES, second)]
    assert [one.id for one in list_rules(store, home.user)] == [second, first]


def test_the_persons_own_word_stands_above_a_rule(store: Store) -> None:
    home = home_with(store, ("a", "-4.50", "Corner shop"))
    edit_transactions(store, home.user, [home.rows()[0].id], Changes(own_category_id=CLOTHES))
    preview = preview_rule(store, home.user, SHOP, FOOD)
    assert (preview.fitting, preview.changing) == (1, 0)
    add_rule(store, home.user, "", SHOP, FOOD)
    caches = Caches(None, store)
    cache = caches.of(home.user)
    (line,) = cache.ask("verify_transactions", first=0, last=10)
    assert CLOTHES in line
    assert GROCERIES not in line
    assert verify(cache, store) == []
    caches.close()


def test_a_preview_tells_what_would_change_and_changes_nothing(store: Store) -> None:
    home = home_with(store, ("a", "-4.50", "Corner shop"), ("b", "-90", "Corner shop"), ("c", "-1", "Tailor"))
    asked = Conditions(texts=("shop",), most=Decimal(50))
    preview = preview_rule(store, home.user, asked, FOOD)
    assert (preview.fitting, preview.changing) == (1, 1)
    assert [(one.name, one.amount, one.category_before, one.category_after) for one in preview.sample] == [
        ("Corner shop", Decimal("-4.5"), None, GROCERIES)
    ]
    assert shown(home) == [("Corner shop", None, None), ("Corner shop", None, None), ("Tailor", None, None)]
    rule = add_rule(store, home.user, "", asked, FOOD)
    assert preview_rule(store, home.user, Conditions(texts=("tailor",)), FOOD, rule).changing == 2
    change_rule(store, home.user, rule, "", Conditions(texts=("tailor",)), FOOD)
    assert [category for _, category, _ in shown(home)] == [None, None, GROCERIES]


@pytest.mark.parametrize(
    ("conditions", "actions", "said"),
    [
        (Conditions(), FOOD, "needs a condition"),
        (Conditions(texts=("  ",)), FOOD, "needs a condition"),
        (SHOP, Actions(), "has to say something"),
        (Conditions(least=Decimal(5), most=Decimal(4)), FOOD, "more than the most"),
        (Conditions(since=date(2026, 2, 1), until=date(2026, 1, 1)), FOOD, "after the last"),
        (Conditions(first_day=32), FOOD, "from 1 to 31"),
        (SHOP, Actions(tags=("x" * 41,)), "longer than 40"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(
    store: Store, conditions: Conditions, actions: Actions, said: str
) -> None:
    user = add_person(store)
    with pytest.raises(ValidationError, match=said):
        add_rule(store, user, "", conditions, actions)


def test_what_is_not_there_or_somebody_elses_is_refused(store: Store) -> None:
    home = home_with(store, ("a", "-4.50", "Corner shop"))
    stranger = add_person(store, "eve@example.org")
    rule = add_rule(store, home.user, "", SHOP, FOOD)
    for deed in (
        lambda: delete_rule(store, stranger, rule),
        lambda: enable_rule(store, stranger, rule, enabled=False),
        lambda: move_rule(store, stranger, rule, 1),
        lambda: change_rule(store, stranger, rule, "", SHOP, FOOD),
        lambda: add_rule(store, home.user, "", SHOP, Actions(category_id=99_999)),
        lambda: add_rule(store, stranger, "", Conditions(account_ids=(home.rows()[0].account_id,)), FOOD),
    ):
        with pytest.raises(NotFoundError):
            deed()


@pytest.mark.parametrize(
    ("conditions", "fitting"),
    [
        (Conditions(texts=("cafe",)), True),
        (Conditions(texts=("tea", "CAFÉ")), True),
        (Conditions(texts=("tea",)), False),
        (Conditions(direction="in"), False),
        (Conditions(direction="out"), True),
        (Conditions(least=Decimal(12)), True),
        (Conditions(least=Decimal("12.01")), False),
        (Conditions(most=Decimal(12)), True),
        (Conditions(most=Decimal("11.99")), False),
        (Conditions(account_ids=(1, 3)), True),
        (Conditions(account_ids=(2,)), False),
        (Conditions(since=date(2026, 3, 31), until=date(2026, 3, 31)), True),
        (Conditions(since=date(2026, 4, 1)), False),
        (Conditions(first_day=28), True),
        (Conditions(first_day=28, last_day=3), True),
        (Conditions(first_day=2, last_day=30), False),
    ],
)
def test_each_condition_is_asked(conditions: Conditions, *, fitting: bool) -> None:
    assert fits(conditions, "Café Ñandú", Decimal(-12), 3, date(2026, 3, 31)) is fitting


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(text.upper()) == folded(text.upper().lower())


TEXTS = st.sampled_from(["shop", "tea", "corner", "é"])
RULES = st.lists(
    st.tuples(
        st.builds(Conditions, texts=st.tuples(TEXTS), direction=st.sampled_from(["", "in", "out"])),
        st.builds(
            Actions,
            category_id=st.sampled_from([None, GROCERIES, CLOTHES]),
            tags=st.tuples(TEXTS),
            hidden=st.booleans(),
        ),
    ),
    max_size=4,
)
ROWS = st.lists(st.tuples(st.sampled_from(["Corner shop", "Tea é", "Bank"]), st.sampled_from(["-5", "7"])), max_size=5)


@given(rules=RULES, rows=ROWS, off=st.integers(0, 4))
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rules_kept_before_or_after_the_rows_came_say_the_same(
    store: Store, rules: list[tuple[Conditions, Actions]], rows: list[tuple[str, str]], off: int
) -> None:
    told = []
    for first in ("rules", "rows"):
        home = settle(store, f"ada{next(NUMBERS)}@example.org")
        records = update(*(bought(f"k{at}", amount, name=name) for at, (name, amount) in enumerate(rows)))
        if first == "rows":
            apply_update(store, home.user, home.item, records, since="")
        kept = [add_rule(store, home.user, "", conditions, actions) for conditions, actions in rules]
        if first == "rules":
            apply_update(store, home.user, home.item, records, since="")
        if off < len(kept):
            enable_rule(store, home.user, kept[off], enabled=False)
        places = dict(zip(kept, range(len(kept)), strict=True))
        told.append(
            [
                (row.name, row.rule_category_id, row.rule_tags, row.rule_hidden, places.get(row.rule_id or 0))
                for row in home.rows()
            ]
        )
    assert told[0] == told[1]


def test_what_was_said_three_times_is_suggested_as_a_rule(store: Store) -> None:
    home = home_with(store, *((f"a{n}", "-4.50", f"Corner shop {n}") for n in range(3)), ("b", "-1", "Tailor"))
    for row in home.rows()[:2]:
        edit_transactions(store, home.user, [row.id], Changes(own_category_id=GROCERIES))
    assert suggest_rules(store, home.user) == ()
    edit_transactions(store, home.user, [home.rows()[2].id], Changes(own_category_id=GROCERIES))
    (found,) = suggest_rules(store, home.user)
    assert (found.text, found.category_id, found.times) == ("Corner shop", GROCERIES, 3)
    add_rule(store, home.user, "", found.conditions, found.actions)
    assert suggest_rules(store, home.user) == ()
