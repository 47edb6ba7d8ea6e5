"""Categories as one person wants them; another one sees nothing of it, and the cache follows."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from core.cache import Caches, UserCache, verify
from core.errors import NotFoundError, ValidationError
from core.ledger import (
    Actions,
    Changes,
    Conditions,
    Part,
    add_category,
    add_rule,
    apply_update,
    change_category,
    delete_category,
    edit_transactions,
    ensure_categories,
    list_categories,
    merge_category,
    part_category,
    split_transaction,
    unsplit,
)
from core.store import FIRST_OWN_CATEGORY, Store
from tests.core.ledger.household import Household, add_person, bought, settle, update

FOOD, SHOPPING, INCOME = 8, 9, 1


@pytest.fixture
def home(store: Store) -> Household:
    ensure_categories(store)
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("a", "-4.50"), bought("b", "-9", name="Tailor")), since="")
    return home


@pytest.fixture
def cache(home: Household) -> Iterator[UserCache]:
    caches = Caches(None, home.store)
    yield caches.of(home.user)
    caches.close()


def seen(cache: UserCache) -> list[tuple[str, int | None, str]]:
    """Return name, category and kind of each line of the cache."""
    assert verify(cache, cache._store) == []
    rows = cache.ask("verify_transactions", first=0, last=1000)
    return [(row[9], row[6], row[7]) for row in rows]


def entry(home: Household, number: int) -> Any:
    (one,) = (one for one in list_categories(home.store, home.user) if one.id == number)
    return one


def test_an_own_category_is_the_persons_alone(home: Household, cache: UserCache) -> None:
    dog = add_category(home.store, home.user, " The  dog ", need="want", icon="pets", group_id=FOOD)
    own = entry(home, dog)
    assert dog >= FIRST_OWN_CATEGORY
    assert (own.title, own.group, own.kind, own.need, own.icon, own.own) == (
        "The dog", "FOOD_AND_DRINK", "spending", "want", "pets", True,
    )  # fmt: skip
    edit_transactions(home.store, home.user, [home.rows()[0].id], Changes(own_category_id=dog))
    assert seen(cache)[0] == ("Corner shop", dog, "spending")
    stranger = add_person(home.store, "eve@example.org")
    assert dog not in {one.id for one in list_categories(home.store, stranger)}


def test_a_built_in_one_is_renamed_for_one_person_and_back(home: Household, cache: UserCache) -> None:
    change_category(home.store, home.user, FOOD, title="Eating", icon="lunch_dining", need="need", hidden=True)
    eating = entry(home, FOOD)
    assert (eating.title, eating.icon, eating.need, eating.hidden, eating.offered) == (
        "Eating", "lunch_dining", "need", True, False,
    )  # fmt: skip
    assert verify(cache, home.store) == []
    assert [row[2] for row in cache.ask("verify_categories") if row[0] == FOOD] == ["Eating"]
    stranger = add_person(home.store, "eve@example.org")
    assert {one.title for one in list_categories(home.store, stranger) if one.id == FOOD} == {"Food & drink"}
    change_category(home.store, home.user, FOOD, title="", icon="", need="want", hidden=False)
    assert (entry(home, FOOD).title, entry(home, FOOD).hidden) == ("Food & drink", False)


def test_rows_of_a_merged_one_count_as_the_others_until_they_are_parted(home: Household, cache: UserCache) -> None:
    dog = add_category(home.store, home.user, "Dog")
    pet = add_category(home.store, home.user, "Animals")
    edit_transactions(home.store, home.user, [home.rows()[0].id], Changes(own_category_id=dog))
    merge_category(home.store, home.user, dog, pet)
    assert seen(cache)[0][1] == pet
    merge_category(home.store, home.user, pet, SHOPPING)
    assert seen(cache)[0][1] == SHOPPING
    assert entry(home, dog).merged_into == SHOPPING
    part_category(home.store, home.user, dog)
    assert seen(cache)[0][1] == dog


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (lambda store, user, dog: merge_category(store, user, dog, dog), "with itself"),
        (lambda store, user, dog: merge_category(store, user, dog, INCOME), "counts as spending"),
        (lambda store, user, _: add_category(store, user, "  "), "needs a name"),
        (lambda store, user, _: add_category(store, user, "dOG"), "already"),
        (lambda store, user, _: add_category(store, user, "x" * 41), "at most 40"),
        (lambda store, user, _: add_category(store, user, "Cat", group_id=101), "is no group"),
        (lambda store, user, _: delete_category(store, user, FOOD), "built in"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    home: Household, deed: Callable[[Store, int, int], object], said: str
) -> None:
    dog = add_category(home.store, home.user, "Dog")
    with pytest.raises(ValidationError, match=said):
        deed(home.store, home.user, dog)


def test_a_merged_one_is_no_goal(home: Household) -> None:
    dog, pet = add_category(home.store, home.user, "Dog"), add_category(home.store, home.user, "Animals")
    merge_category(home.store, home.user, dog, pet)
    with pytest.raises(ValidationError, match="was merged"):
        merge_category(home.store, home.user, pet, dog)


@pytest.mark.parametrize("use", ["row", "rule", "merge", "member", "split"])
def test_only_what_nothing_uses_is_deleted(home: Household, use: str) -> None:
    dog, pet = add_category(home.store, home.user, "Dog"), add_category(home.store, home.user, "Animals")
    if use == "row":
        edit_transactions(home.store, home.user, [home.rows()[0].id], Changes(own_category_id=dog))
    elif use == "rule":
        add_rule(home.store, home.user, "", Conditions(direction="in"), Actions(category_id=dog))
    elif use == "merge":
        merge_category(home.store, home.user, pet, dog)
    elif use == "split":
        # Whole again, and still the history can give the parts back.
        whole = home.rows()[0].id
        split_transaction(home.store, home.user, whole, [Part(Decimal(-4), dog), Part(Decimal("-0.5"))])
        unsplit(home.store, home.user, whole)
    else:
        add_category(home.store, home.user, "Puppy", group_id=dog)
    with pytest.raises(ValidationError, match="in use"):
        delete_category(home.store, home.user, dog)
    if use != "merge":
        delete_category(home.store, home.user, pet)
        assert pet not in {one.id for one in list_categories(home.store, home.user)}


def test_a_stranger_changes_nothing_of_it(home: Household) -> None:
    dog = add_category(home.store, home.user, "Dog")
    stranger = add_person(home.store, "eve@example.org")
    for deed in (
        lambda: change_category(home.store, stranger, dog, title="Mine"),
        lambda: merge_category(home.store, stranger, dog, SHOPPING),
        lambda: part_category(home.store, stranger, dog),
        lambda: delete_category(home.store, stranger, dog),
        lambda: add_category(home.store, stranger, "Puppy", group_id=dog),
    ):
        with pytest.raises(NotFoundError):
            deed()
