import csv
from collections import Counter

import pytest

from core.categorising import Hint, code_of_title
from core.categorising.reference import hint_of
from core.categorising.text import payee_words, plain
from core.config import REFERENCE


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hint_for(text: str, sign: int) -> Hint | None:
    return hint_of("", payee_words(plain(text)), sign)


ROWS = _rows("merchants.csv")


def test_every_pattern_leads_to_a_category_and_can_be_met() -> None:
    codes = {row["code"] for row in _rows("categories.csv")}
    assert [row["words"] for row in ROWS if row["code"] not in codes] == []
    unread = [
        row["words"]
        for row in ROWS
        if " ".join(payee_words(plain(row["words"].rstrip("*")))) != row["words"].rstrip("*")
    ]
    assert unread == []


def test_no_pattern_is_there_twice() -> None:
    counted = Counter((row["words"], row["direction"]) for row in ROWS)
    assert [one for one, number in counted.items() if number > 1] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TESCO STORES 2213 LEEDS", "FOOD_AND_DRINK_GROCERIES"),
        ("AMZN Mktp US*2K4RT0", "GENERAL_MERCHANDISE_ONLINE_MARKETPLACES"),
        ("Uber *Eats pending", "FOOD_AND_DRINK_FAST_FOOD"),
        ("UBER TRIP HELP.UBER.COM", "TRANSPORTATION_TAXIS_AND_RIDE_SHARES"),
        ("MCDONALD'S F1234", "FOOD_AND_DRINK_FAST_FOOD"),
        ("Löwen-Apotheke Köln", "MEDICAL_PHARMACIES_AND_SUPPLEMENTS"),
        ("SEPA-Lastschrift Stadtwerke München", "RENT_AND_UTILITIES_GAS_AND_ELECTRICITY"),
        ("PRLV SEPA EDF clients particuliers", "RENT_AND_UTILITIES_GAS_AND_ELECTRICITY"),
        ("CARTE X1234 BOULANGERIE DU PORT", "FOOD_AND_DRINK_FAST_FOOD"),
        ("Compra MERCADONA Valencia", "FOOD_AND_DRINK_GROCERIES"),
        ("Albert Heijn 1521 Utrecht", "FOOD_AND_DRINK_GROCERIES"),
        ("PAGAMENTO POS ESSELUNGA", "FOOD_AND_DRINK_GROCERIES"),
        ("Tim Hortons #2211", "FOOD_AND_DRINK_FAST_FOOD"),
        ("BUNNINGS 454000", "HOME_IMPROVEMENT_HARDWARE"),
        ("Versicherungsbeitrag 04/26", "GENERAL_SERVICES_INSURANCE"),
        ("H&M 0431", "GENERAL_MERCHANDISE_CLOTHING_AND_ACCESSORIES"),
    ],
)
def test_payees_of_many_countries_are_known(text: str, code: str) -> None:
    hint = hint_for(text, -1)
    assert hint is not None
    assert hint.code == code


def test_the_way_the_money_goes_counts() -> None:
    assert hint_for("Interest", 1) == Hint("INCOME_INTEREST_EARNED", "word")
    assert hint_for("Interest", -1) == Hint("BANK_FEES_INTEREST_CHARGE", "word")


def test_nothing_is_made_of_numbers_and_unknown_names() -> None:
    assert hint_for("4711 0815 QXZVW", -1) is None


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("FOOD_AND_DRINK_COFFEE", "FOOD_AND_DRINK_COFFEE"),
        ("Coffee Shops", "FOOD_AND_DRINK_COFFEE"),
        ("Gas & Fuel", "TRANSPORTATION_GAS"),
        ("Miete", "RENT_AND_UTILITIES_RENT"),
        ("Paycheck", "INCOME_SALARY"),
        ("Zyx", ""),
    ],
)
def test_peoples_names_for_categories_are_understood(title: str, code: str) -> None:
    assert code_of_title(title) == code


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("POS 03/04 ACME #0042 CARD XXXX 1234", ("pos", "acme", "card")),
        ("L'Épicerie d'Anne 12 MARS", ("l", "épicerie", "d", "anne")),
        ("A.T.M. bet365 O2 1&1 7Eleven 12JUL", ("atm", "bet365", "o2", "1&1", "7eleven")),
        ("JULY", ("july",)),
        ("12345", ()),
    ],
)
def test_what_changes_each_time_is_no_name(text: str, words: tuple[str, ...]) -> None:
    assert payee_words(plain(text)) == words
