"""The ECB's files, told by what is in them; kept for the one who took them in."""

import random
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core import clock
from core.errors import NotFoundError, RatesFileError
from core.rates import Taken, rates_of, rates_standing, read_rates, shipped_rates, take_in_rates
from core.rates.reading import LARGEST
from core.rates.shipped import Shipped, packed
from core.store import ExchangeRate, Store, UserId, last_change
from tests.core.ledger.household import add_person
from tests.core.rates.files import ENVELOPE, history, one_day, xml, zipped

SHIPPED_TO = date(2025, 7, 28)
DAY = date(2025, 7, 29)
TOLD = {DAY: {"USD": "1.1600", "JPY": "171.5"}, DAY + timedelta(days=1): {"USD": "1.15"}}
UNITS = {"USD": {DAY: 116_000_000, DAY + timedelta(days=1): 115_000_000}, "JPY": {DAY: 17_150_000_000}}


def kept(store: Store, user: UserId) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(ExchangeRate).where(ExchangeRate.user_id == user)) or 0


@pytest.mark.parametrize(
    "data",
    [
        history(TOLD), b"\xef\xbb\xbf" + history(TOLD).replace(b"\n", b"\r\n"), xml(TOLD), zipped(history(TOLD)),
        zipped(xml(TOLD), "rates.xml"),
    ],
    ids=["csv", "csv with a mark and CRLF", "xml", "zip", "zip of xml"],
)  # fmt: skip
def test_every_file_of_the_ecb_is_read(data: bytes) -> None:
    assert read_rates(data) == UNITS


@pytest.mark.parametrize("wrapped", [bytes, zipped, lambda data: zipped(data, "EUROFXREF.CSV")])
def test_the_file_of_one_day_is_read(wrapped: Callable[[bytes], bytes]) -> None:
    assert read_rates(wrapped(one_day(DAY, TOLD[DAY]))) == {"USD": {DAY: 116_000_000}, "JPY": {DAY: 17_150_000_000}}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This is not a file of the ECB's rates: it begins with no Date and currencies."),
        (b"Date,USD,\n", "There are no rates of exchange in this file."),
        (b"\xff\xfe\x00\x01", "This is not a file of the ECB's rates."),
        (b"Day,Amount\n2025-07-29,1\n", "This is not a file of the ECB's rates: it begins with no Date"),
        (b"Date,USD,USD,\n2025-07-29,1,2,\n", "Line 1: A currency stands twice in the heading."),
        (b"Date,USD,EUR,\n2025-07-29,1.1,2,\n", "Line 2: A rate of the euro against itself is none of the ECB's."),
        (b"Date,USD,\n2025-07-29,1.1.6,\n", "Line 2: '1.1.6' is no rate of exchange."),
        (b"Date,USD,\n2025-07-29,0.000,\n", "Line 2: '0.000' is no rate of exchange."),
        (b"Date,USD,\n2025-07-29,-1,\n", "Line 2: '-1' is no rate of exchange."),
        (b"Date,USD,\n2025-07-29,NaN,\n", "Line 2: 'NaN' is no rate of exchange."),
        (b"Date,USD,\n2025-07-32,1,\n", "Line 2: '2025-07-32' is not a day."),
        (b"Date,USD,\n31 February 2025,1,\n", "Line 2: '31 February 2025' is not a day."),
        (b"Date,USD,\n2999-01-01,1,\n", "Line 2: 2999-01-01 is still to come."),
        (b"Date,USD,\n2025-07-29,1,\n2025-07-29,2,\n", "Line 3: There are two rates of USD for 2025-07-29."),
        (b'Date,USD,\n"2025-07-29,1,\n', "This is not a table."),
        (b"PK\x03\x04nothing more", "The ZIP file is broken."),
        (zipped(b"hello", "readme.txt"), "There is no CSV and no XML file in this ZIP."),
        (b"<Cube>", "The XML file is broken."),
        (b"<html><body>Not found</body></html>", "There are no rates of exchange in this file."),
        (b'<?xml version="1.0" encoding="klingon"?><Cube/>', "The XML file is "),
        (xml({}).replace(b"<Cube>", b'<Cube time="soon">'), "Line 6: 'soon' is not a day."),
        (ENVELOPE.format(days='<Cube currency="USD" rate="1"/>').encode(), "Line 6: A rate has no day or no currency."),
        (
            b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d SYSTEM "file:///etc/passwd">]><Cube>&d;</Cube>',
            "Line 1: The file declares a DOCTYPE, which the ECB's do not.",
        ),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused_in_words(data: bytes, sentence: str) -> None:
    with pytest.raises(RatesFileError) as told:
        read_rates(data)
    assert sentence in told.value.sentence
    assert told.value.hint


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(RatesFileError, match="more than 20 MB"):
        read_rates(bytes(LARGEST + 1))
    with pytest.raises(RatesFileError, match="What is in the ZIP has more than 32 MB"):
        read_rates(zipped(b"Date,USD,\n" + b"\n" * (33 * 2**20)))


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_would_be_unpacked_without_bound_is_refused(packing: int) -> None:
    with pytest.raises(RatesFileError, match="packed in another way"):
        read_rates(zipped(history(TOLD), packing=packing))


@given(data=st.binary(max_size=200) | st.binary(max_size=60).map(lambda some: zipped(history(TOLD))[:-20] + some))
def test_whatever_is_given_either_has_rates_or_a_sentence(data: bytes) -> None:
    try:
        assert read_rates(data)
    except RatesFileError as failure:
        assert failure.sentence  # noqa: PT017 - either is right


def test_a_damaged_zip_is_refused_wherever_it_is_damaged() -> None:
    data, dice = zipped(history(TOLD)), random.Random(5)
    for _ in range(300):
        harmed = bytearray(data)
        harmed[dice.randrange(4, len(data))] ^= 1 << dice.randrange(8)
        try:
            read_rates(bytes(harmed))
        except (RatesFileError, zipfile.BadZipFile) as failure:
            assert isinstance(failure, RatesFileError)  # noqa: PT017 - some damage harms nothing


def test_a_shipped_file_holds_what_it_was_made_of() -> None:
    made = Shipped(packed(UNITS))
    assert {currency: made.series(currency) for currency in made.currencies} == UNITS
    assert (made.last, made.series("XTS")) == (DAY + timedelta(days=1), {})


def test_what_is_taken_in_holds_for_who_took_it_in(store: Store) -> None:
    ada, bob = add_person(store, "ada@example.org"), add_person(store, "bob@example.org")
    assert take_in_rates(store, ada, history(TOLD)) == Taken(3, 3, DAY, DAY + timedelta(days=1))
    told = rates_of(store, ada).convert(Decimal(100), "EUR", "USD", date(2026, 1, 1))
    assert told is not None
    assert (told.amount, told.day) == (Decimal(115), DAY + timedelta(days=1))
    other = rates_of(store, bob).convert(Decimal(100), "EUR", "USD", date(2026, 1, 1))
    assert other is not None
    assert (other.amount, other.day) == (Decimal("116.54"), SHIPPED_TO)
    assert (rates_standing(store, ada).last, rates_standing(store, ada).own) == (DAY + timedelta(days=1), 3)
    assert (rates_standing(store, bob).last, rates_standing(store, bob).own) == (SHIPPED_TO, 0)
    assert rates_standing(store, bob).currencies == 42


def test_what_a_person_took_in_is_told_of_its_own_last_day(store: Store) -> None:
    ada = add_person(store, "ada@example.org")
    assert rates_standing(store, ada).own_last is None
    take_in_rates(store, ada, history({date(2020, 1, 2): {"USD": "1.5"}}))
    standing = rates_standing(store, ada)
    assert (standing.own, standing.own_last, standing.last) == (1, date(2020, 1, 2), SHIPPED_TO)


def test_the_same_file_again_changes_nothing_and_a_newer_one_its_own_days(store: Store) -> None:
    ada = add_person(store, "ada@example.org")
    take_in_rates(store, ada, history(TOLD))
    assert take_in_rates(store, ada, xml(TOLD)).changed == 0
    corrected = {DAY: {"USD": "1.1700"}, DAY + timedelta(days=2): {"USD": "1.14", "XTS": "2"}}
    assert take_in_rates(store, ada, zipped(history(corrected))).changed == 3
    rates = rates_of(store, ada)
    assert rates.own["USD"] == {
        DAY: 117_000_000, DAY + timedelta(days=1): 115_000_000, DAY + timedelta(days=2): 114_000_000
    }  # fmt: skip
    assert rates.own["JPY"] == UNITS["JPY"]
    assert rates.knows("XTS")


def test_rates_that_change_are_a_change_so_that_transfers_are_looked_for_anew(store: Store) -> None:
    ada = add_person(store, "ada@example.org")
    heard = []
    for _ in range(2):
        take_in_rates(store, ada, history(TOLD))
        with store.read() as session:
            heard.append(last_change(session, ada))
    assert heard == [1, 1]


def test_what_the_shipped_rates_say_already_is_not_kept_again(store: Store) -> None:
    ada = add_person(store, "ada@example.org")
    shipped = shipped_rates().series("USD")[SHIPPED_TO]
    assert shipped == 116_540_000
    assert take_in_rates(store, ada, history({SHIPPED_TO: {"USD": "1.1654"}})).changed == 0
    assert take_in_rates(store, ada, history({SHIPPED_TO: {"USD": "1.2"}})).changed == 1
    assert kept(store, ada) == 1
    assert take_in_rates(store, ada, history({SHIPPED_TO: {"USD": "1.1654"}})).changed == 1
    assert kept(store, ada) == 0
    assert rates_of(store, ada).series("USD")[SHIPPED_TO] == shipped


def test_a_broken_file_takes_nothing_in(store: Store) -> None:
    ada = add_person(store, "ada@example.org")
    with pytest.raises(RatesFileError):
        take_in_rates(store, ada, history(TOLD) + b"\n2025-07-01,what,1,")
    assert kept(store, ada) == 0
    with pytest.raises(NotFoundError):
        take_in_rates(store, UserId(999_999), history(TOLD))


def test_a_rate_of_today_is_not_to_come() -> None:
    today = clock.now().date()
    assert read_rates(history({today: {"USD": "1"}})) == {"USD": {today: 100_000_000}}
