"""Two tabs, or two people, that write at the same moment: each gets what it asked for, on each database."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

from core.ledger import add_category, list_categories, list_filters, pair_up, save_filter
from core.store import Store, take_turn
from tests.core.ledger.household import add_person
from tests.core.ledger.test_pairs import House, house  # noqa: F401 - a fixture

MANY = 8


def at_once(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    """Call all of them in threads that begin together; return what each came to."""
    calls = list(calls)
    meet, told = threading.Barrier(len(calls)), []

    def run(call: Callable[[], Any]) -> None:
        meet.wait(20)
        try:
            told.append(call())
        except Exception as failure:  # noqa: BLE001 - told of by the test
            told.append(failure)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return told


def test_categories_that_several_people_add_have_numbers_of_their_own(store: Store) -> None:
    people = [add_person(store, f"person{number}@example.org") for number in range(MANY)]
    told = at_once(lambda user=user: add_category(store, user, "Bees") for user in people)
    assert len(set(told)) == MANY
    assert all(isinstance(one, int) for one in told), told
    assert sum(one.title == "Bees" for one in list_categories(store, people[0])) == 1


def test_a_filter_that_two_tabs_keep_under_one_name_is_one(store: Store) -> None:
    user = add_person(store)
    for turn in range(3):
        told = at_once(lambda name=f"n{turn}": save_filter(store, user, name, "kind=spending") for _ in range(MANY))
        assert len(set(told)) == 1, told
    assert len(list_filters(store, user)) == 3


def test_what_two_searches_find_at_once_is_kept_once(store: Store, house: House) -> None:  # noqa: F811 - the fixture
    user = house.home.user
    with ThreadPoolExecutor(2) as both:
        with store.write() as session:
            take_turn(session, user)
            told = [both.submit(pair_up, store, user) for _ in range(2)]
            # Both look meanwhile, and find the same; neither can keep it yet.
            assert not wait(told, timeout=1.5).done
        found = [one.result(60) for one in told]
    assert [(one.transfers, one.refunds) for one in found] == [(1, 1), (1, 1)]
