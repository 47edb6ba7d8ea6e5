"""What a person types finds what the bank or they themselves wrote, however it was written."""

from datetime import timedelta
from decimal import Decimal
from unicodedata import normalize

from core.analytics import TransactionFilter, list_transactions
from core.analytics.listing import conditions_of
from core.cache import Caches, verify
from core.store import Store
from tests.core.cache.money import START, add_person, added, edited, write

NAMES = (
    "Zoë's Café", "ΟΔΟΣ ΑΘΗΝΩΝ", "İstanbul Kebap", "Straßenbäckerei", normalize("NFD", "Crêperie"), "100% _Fun_",
    "Bus 12 to 345", "Bus 7 to 12",
)  # fmt: skip
ROW = {"account": 0, "category": 0, "amount": Decimal(-1), "pending": False}


FINDS = {
    "zoë": 0, "ZOE": 0, "  cafe ": 0, "CAFÉ": 0, normalize("NFD", "café"): 0, "the bank's ówn": 0,
    "ΟΔΟΣ": 1, "οδος": 1, "αθηνών": 1,
    "İSTANBUL": 2, "istanbul": 2,
    "backerei": 3, "STRAßEN": 3, "für oma": 3,
    "crêperie": 4, "Creperie": 4,
    "0% _f": 5, "%": 5, "_": 5,
    "bus 12": 6, "12 to": 6, "2 to 3": 6, "45": 6, "us 7": 7, "to 12": 7, "bus 2": None, "0 to": None, "bus 712": None,
    "zoés": None, "' OR 1=1 --": None, "\0": None, "\\": None,
}  # fmt: skip
"""What is typed, and the place in `NAMES` of the only row that it finds."""


def test_search_minds_neither_case_nor_accents(store: Store) -> None:
    person = add_person(store)
    write(store, person, [added([ROW | {"name": name, "day": day} for day, name in enumerate(NAMES)])])
    write(store, person, [edited(0, original_text="THE BANK'S OWN WORDS"), edited(3, note="Für Oma")])
    caches = Caches(None, store)
    for typed, place in FINDS.items():
        page = list_transactions(caches.of(person), TransactionFilter(text=typed))
        assert [row.date - START for row in page.rows] == ([] if place is None else [timedelta(place)]), typed
        assert page.count == len(page.rows), typed
    caches.close()


def test_a_search_goes_on_in_a_cache_that_was_made_anew_between_its_questions(store: Store) -> None:
    person = add_person(store)
    caches = Caches(None, store)
    cache = caches.of(person)
    for name in ("Zoo shop", "Apple shop"):
        write(store, person, [added([ROW | {"name": name, "day": 0}])])
        cache.refresh()
    with cache.answering() as answer:
        conditions = conditions_of(answer, TransactionFilter(text="apple"))
        found = answer("filtered_ids", conditions)
        answer.leave()  # type: ignore[attr-defined] # as where the database broke
        cache.rebuild()
        assert answer("filtered_ids", conditions) == found
    assert len(found) == 1
    caches.close()


def test_rows_that_a_search_would_miss_are_noticed(store: Store) -> None:
    person = add_person(store)
    write(store, person, [added([ROW | {"name": name, "day": day} for day, name in enumerate(NAMES)])])
    cache = Caches(None, store).of(person)
    assert verify(cache, store) == []
    assert cache._home is not None
    cache._home.connection.execute("UPDATE transactions SET wording = (wording + 1) % 3 WHERE part = 0 AND id % 2 = 0")
    (told,) = verify(cache, store)
    assert told.endswith("rows of the cache can't be searched.")
    cache.close()
