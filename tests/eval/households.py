"""Made-up households with known recurring series: banks and ways of life that have little in common.

Each takes a seed and gives the same rows for it. While the detection was tuned, those with a seed below `UNSEEN` were
looked at; the others only measure it.
"""

import string
from collections.abc import Callable
from datetime import date
from typing import Final

from core.banking.demo.accounts import plans
from core.banking.demo.household import household
from tests.eval.book import UNTIL, Book, Labelled, Text, code, digits, every, monthly

US_CITIES: Final = "SEATTLE WA|AUSTIN TX|DENVER CO|MIAMI FL|BOSTON MA|PORTLAND OR|CHICAGO IL|TAMPA FL".split("|")


def american(seed: int) -> list[Labelled]:
    """Return two years at an American bank: real names, store numbers, phone numbers, salary every two weeks."""
    book = Book(seed, 24, "american")
    dice = book.dice

    def card(name: str) -> Text:
        return lambda _: f"{name} {digits(dice, 3)}-{digits(dice, 7)} {dice.choice(US_CITIES)[-2:]}"

    def store(name: str) -> Text:
        return lambda day: f"POS DEBIT {day:%m/%d} {name} #{digits(dice, 4)} {dice.choice(US_CITIES)}"

    def ach(name: str) -> Text:
        identity = digits(dice, 9)
        return lambda _: f"ACH DEBIT {name} WEB ID: {identity} TRACE {digits(dice, 7)}"

    book.repeat("netflix", monthly(dice.randint(1, 28)), -15.49, card("NETFLIX.COM"), rise=0.16)
    book.repeat("spotify", monthly(dice.randint(1, 28)), -10.99, lambda _: f"SPOTIFY USA P{code(dice, 8)}", rise=0.09)
    book.repeat("gym", monthly(17, weekend=0), -24.99, card("PLANET FIT CLUB FEES"), skip=0.08)
    book.repeat("prime", monthly(9, weekend=0), -14.99, lambda _: f"AMAZON PRIME*{code(dice, 9)} AMZN.COM/BILL WA")
    book.repeat("rent", monthly(1), -1850.0, ach("GREENVIEW APTS RENT"), rise=0.04)
    book.repeat("power", monthly(14, jitter=2), -110.0, ach("CITY LIGHT AND POWER"), swing=0.45)
    book.repeat("phone", monthly(22), -85.0, ach("VERIZON WIRELESS"), swing=0.04)
    book.repeat("auto", monthly(5), -142.5, ach("GEICO AUTO INSURANCE"), rise=0.1)
    book.repeat("loan", monthly(15), -288.13, ach("DEPT EDUCATION STUDENT LN"))
    book.repeat("pay", every(14), 2140.55, lambda _: f"ACME INDUSTRIES PAYROLL PPD ID: {digits(dice, 10)}", rise=0.03)
    book.repeat("costco", monthly(11, 12), -65.0, card("COSTCO MEMBERSHIP RENEWAL"))
    book.repeat("hulu", monthly(26), -7.99, card("HULU 877"), part=(0.1, 0.6))
    book.repeat("news", every(28), -8.0, card("NYTIMES"), part=(0.3, 1.0))
    book.habit(0.1, 20, 160, store("SAFEWAY"))
    book.habit((0, 0, 0, 0, 0, 0.9, 0.1), 60, 190, store("TRADER JOE S"))
    book.habit(0.35, 0, 0, store("STARBUCKS STORE"), prices=(4.45, 4.95, 5.25, 6.1))
    book.habit(0.12, 25, 65, store("SHELL OIL"))
    book.habit(0.15, 8, 120, lambda _: f"AMAZON MKTPL*{code(dice, 9)} AMZN.COM/BILL WA")
    book.habit(0.08, 9, 35, lambda _: f"UBER *TRIP {code(dice, 5)} HELP.UBER.COM CA")
    for name in ("CHIPOTLE", "TARGET", "HOME DEPOT", "CVS/PHARMACY", "THAI BASIL", "LUCKY BOWL"):
        book.habit(0.03, 8, 90, store(name))
    return book.rows()


def german(seed: int) -> list[Labelled]:
    """Return two and a half years at a German bank: SEPA texts with mandates, months and contract numbers."""
    book = Book(seed, 30, "german")
    dice = book.dice

    def debit(name: str, more: str = "") -> Text:
        mandate = code(dice, 12)
        return lambda day: (
            f"FOLGELASTSCHRIFT {name} {more} RG-NR {digits(dice, 8)} VOM {day:%d.%m.%Y}"
            f" EREF+{code(dice, 10)} MREF+{mandate}"
        )

    def shop(name: str) -> Text:
        return lambda day: (
            f"{name} SAGT DANKE {digits(dice, 5)}//LEIPZIG/DE {day:%Y-%m-%d}T{digits(dice, 2)}:{digits(dice, 2)}"
            f" KARTE {digits(dice, 1)}"
        )

    months = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
    book.repeat(
        "miete",
        monthly(1),
        -890.0,
        lambda day: f"DAUERAUFTRAG Wohnbau Lindenau eG Miete {months[day.month - 1]} {day.year}",
        rise=0.03,
    )
    book.repeat(
        "gehalt",
        monthly(28, weekend=-1),
        2890.4,
        lambda day: f"Muster Maschinenbau GmbH LOHN / GEHALT {day:%m/%y}",
        swing=0.02,
    )
    book.repeat("strom", monthly(3), -74.0, debit("STADTWERKE LEIPZIG GMBH", "ABSCHLAG STROM"), rise=0.2)
    book.repeat("gez", monthly(15, 3), -55.08, debit("RUNDFUNK ARD, ZDF, DRADIO"))
    book.repeat("handy1", monthly(12), -19.99, debit("Telekom Deutschland GmbH", f"Mobilfunk {digits(dice, 8)}"))
    book.repeat("handy2", monthly(20), -34.95, debit("Telekom Deutschland GmbH", f"Festnetz {digits(dice, 8)}"))
    book.repeat("kfz", monthly(2, 12), -412.6, debit("HUK-COBURG", "KFZ-VERSICHERUNG"), rise=0.06)
    book.repeat("haftpflicht", monthly(2), -6.85, debit("HUK-COBURG", "HAFTPFLICHT"))
    book.repeat("wasser", monthly(18, 2), -62.0, debit("Kommunale Wasserwerke"), swing=0.2)
    book.repeat("kredit", monthly(30), -215.0, debit("Sparkasse Darlehen", f"Rate Kto {digits(dice, 7)}"))
    book.repeat("studio", every(28), -29.9, debit("FitWerk Studio"))
    book.repeat("zeitung", monthly(6, 6), -138.0, debit("LVZ Zeitungsabo"), swing=0.05)
    book.repeat(
        "kindergeld",
        monthly(9, jitter=2),
        250.0,
        lambda _: f"Bundesagentur für Arbeit Familienkasse KG{digits(dice, 6)}",
    )
    book.repeat("sparen", monthly(3), -150.0, lambda _: "DAUERAUFTRAG Max Muster Sparen Tagesgeld")
    for name in (
        "REWE MARKT",
        "ALDI SUED",
        "DM-DROGERIE MARKT",
        "BAECKEREI GOERLITZ",
        "TANKSTELLE JET",
        "KAUFHALLE NORD",
    ):
        book.habit(0.16, 4, 75, shop(name))
    book.habit(0.3, 0, 0, shop("BACKHAUS AM MARKT"), prices=(3.2, 4.1, 5.6))
    book.habit(
        0.05,
        20,
        200,
        lambda day: f"BARGELDAUSZAHLUNG GA NR{digits(dice, 8)} {day:%d.%m} {digits(dice, 2)}.{digits(dice, 2)}UHR",
    )
    book.habit(0.06, 10, 80, lambda _: f"PayPal Europe S.a.r.l. {digits(dice, 13)} PP.{digits(dice, 4)}.PP Ihr Einkauf")
    return book.rows()


def british(seed: int) -> list[Labelled]:
    """Return 18 months, spending positive: weekly rent, pay every four weeks, ten months of council tax a year."""
    book = Book(seed, 18, "british")
    dice = book.dice

    def card(name: str) -> Text:
        return lambda day: f"CARD PAYMENT TO {name} ON {day:%d %b}".upper()

    def debit(name: str) -> Text:
        reference = code(dice, 8)
        return lambda _: f"{name} REF {reference} DD"

    book.repeat("rent", every(7), -165.0, lambda _: "STANDING ORDER MRS P HARGREAVES RENT")
    book.repeat("pay", every(28), 1720.0, lambda day: f"OAKFIELD NHS TRUST SALARY {day:%b %y}".upper(), swing=0.015)
    book.repeat("council", monthly(1, months=(4, 5, 6, 7, 8, 9, 10, 11, 12, 1)), -138.0, debit("LEEDS CITY COUNCIL"))
    book.repeat("energy", monthly(8), -96.0, debit("OCTOPUS ENERGY"), rise=0.12)
    book.repeat("water", monthly(27, 6), -182.0, debit("YORKSHIRE WATER"), swing=0.12)
    book.repeat("sky", monthly(19), -38.0, debit("SKY DIGITAL"), rise=0.1, skip=0.05)
    book.repeat("apple", monthly(4, weekend=0), -8.99, card("APPLE.COM/BILL"))
    book.repeat("icloud", monthly(23, weekend=0), -2.99, card("APPLE.COM/BILL"))
    book.repeat("cleaner", every(14, jitter=1), -36.0, lambda _: f"FASTER PAYMENT J DOWD {digits(dice, 6)}", skip=0.06)
    book.repeat("mot", monthly(13, 12), -189.0, debit("AA BREAKDOWN COVER"), swing=0.05)
    book.repeat("charity", monthly(16), -10.0, debit("SHELTER"))
    book.habit((0, 0, 0, 0, 0, 0.95, 0), 55, 120, card("TESCO STORES"))
    book.habit(0.3, 0, 0, card("PRET A MANGER"), prices=(3.5, 4.25, 7.1))
    book.habit(0.12, 5, 40, card("SAINSBURYS"))
    book.habit(0.05, 30, 70, card("BP CONNECT"))
    book.habit(0.07, 12, 60, card("NANDOS"))
    book.habit(0.03, 20, 45, card("HAIR BY JUNE"))
    book.habit(0.2, 0, 0, card("TFL TRAVEL CH"), prices=(2.8, 5.6, 8.1))
    return book.rows(flip=-1)


NAMES: Final = (
    "Aster Borealis Cobalt Dapple Ember Fathom Granite Harvest Indigo Juniper Kestrel Lumen Mosaic Nectar Opal".split()
)
TRADES: Final = "Media Cloud Energy Mobile Fitness Music Studio Systems Mutual Digital".split()


def plain(seed: int) -> list[Labelled]:
    """Return what a short script would make: everything counted in days, unsigned amounts, invented names, noise."""
    book = Book(seed, 24, "plain")
    dice = book.dice
    names = dice.sample([f"{one} {other}" for one in NAMES for other in TRADES], 60)

    def noisy(name: str) -> Text:
        return lambda _: dice.choice(
            (name, name.upper(), f"{name} {digits(dice, 6)}", f"{name} REF{digits(dice, 5)}", f"Payment {name}")
        )

    for length, jitter, count in ((30, 0, 4), (30, 2, 4), (7, 0, 1), (14, 0, 1), (91, 2, 2), (365, 1, 2), (30, 1, 3)):
        for _ in range(count):
            name = names.pop()
            price = dice.choice((4.99, 9.99, 12.5, 19.0, 35.0, 60.0, 120.0, 800.0)) + dice.randint(0, 3)
            drift = dice.random() < 0.4
            ends = dice.choice((1.0, 1.0, 1.0, 0.6))
            rise = 0.1 if length == 30 and dice.random() < 0.3 else 0.0
            book.repeat(
                name, every(length, jitter=jitter, drift=drift), -price, noisy(name), part=(0.0, ends), rise=rise
            )
    for _ in range(3):
        name = names.pop()
        book.repeat(name, every(30, jitter=2), -dice.uniform(40, 150), noisy(name), swing=0.2)
    book.repeat("salary", every(14), 1900.0, noisy("Globex Payroll"))
    for _ in range(20):
        low = dice.uniform(3, 40)
        book.habit(dice.choice((0.01, 0.02, 0.05, 0.15, 0.3)), low, low * dice.uniform(1.5, 5), noisy(names.pop()))
    return book.rows(unsigned=True)


def shared_names(seed: int) -> list[Labelled]:
    """Return three years in which one name stands for several things, cards change, prices rise and services pause."""
    book = Book(seed, 36, "shared")
    dice = book.dice

    def paypal(name: str) -> Text:
        return lambda _: f"PAYPAL *{name} {digits(dice, 10)} {dice.choice(('LU', 'GB', 'US'))}"

    def apple(day: date) -> str:
        return f"APPLE.COM/BILL {digits(dice, 3)}-{digits(dice, 3)}-{digits(dice, 4)} CA CARD {digits(dice, 4)}"

    book.repeat("apple music", monthly(3, weekend=0), -10.99, apple)
    book.repeat("apple storage", monthly(11, weekend=0), -2.99, apple)
    book.repeat("apple video", monthly(25, weekend=0), -6.99, apple, rise=0.43)
    book.habit(0.03, 0, 0, apple, prices=(0.99, 1.99, 4.99, 12.99, 29.0))
    book.repeat("spotify", monthly(8, weekend=0), -9.99, paypal("SPOTIFY"), rise=0.1, moves_to="new card")
    book.repeat("steam box", monthly(21, weekend=0), -12.0, paypal("BOXEDFUN"), skip=0.15)
    book.habit(0.08, 5, 80, paypal("EBAY"))
    book.habit(0.03, 5, 60, paypal("STEAMGAMES"))
    book.repeat("allianz home", monthly(5, 12), -214.0, lambda _: f"ALLIANZ VERS AS{digits(dice, 9)}", rise=0.05)
    book.repeat("allianz car", monthly(5), -61.2, lambda _: f"ALLIANZ VERS AS{digits(dice, 9)}", rise=0.07)
    book.repeat("phone one", monthly(16), -19.0, lambda _: f"VODAFONE {digits(dice, 11)} RECHNUNG", moves_to="new card")
    book.repeat("phone two", monthly(16), -27.0, lambda _: f"VODAFONE {digits(dice, 11)} RECHNUNG")
    book.repeat(
        "pay", monthly(31, weekend=-1), 3100.0, lambda _: f"NORTHWIND TRADERS SALARY {digits(dice, 6)}", rise=0.05
    )
    book.repeat(
        "freelance",
        monthly(15),
        400.0,
        lambda _: f"NORTHWIND TRADERS EXPENSES {digits(dice, 6)}",
        swing=0.3,
        skip=0.1,
    )
    book.repeat("mortgage", monthly(1), -1204.66, lambda _: f"MORTGAGE PMT LOAN {digits(dice, 4)}")
    book.repeat("club", monthly(7, 3), -45.0, lambda day: f"RIVERSIDE TENNIS CLUB {day:%b %Y}")
    book.repeat("paused", monthly(13, months=(1, 2, 3, 4, 5, 9, 10, 11, 12)), -42.0, lambda _: "LITTLE OWLS NURSERY")
    for day in (date(2025, 3, 4), date(2024, 9, 17)):
        book.add(day, 27.0, f"VODAFONE {digits(dice, 11)} GUTSCHRIFT")
        book.add(day, 10.99, apple(day))
    book.habit(0.2, 5, 90, lambda _: f"CORNER SHOP {digits(dice, 4)}")
    book.habit((0, 0, 0, 0, 0.8, 0, 0), 18, 45, lambda _: f"GOLDEN WOK {dice.choice(US_CITIES)}")
    book.habit((0.1, 0, 0.7, 0, 0, 0, 0), 30, 34, lambda _: f"FARMSHOP {dice.choice(US_CITIES)}")
    return book.rows()


def travelling(seed: int) -> list[Labelled]:
    """Return two years of texts with a city and letters at random after each name, and habits at fixed prices."""
    book = Book(seed, 24, "travelling")
    dice = book.dice
    cities = "Lyon Gdansk Porto Malmö Ghent Trieste Cork Graz Basel".split()

    def anywhere(name: str) -> Text:
        def text(day: date) -> str:
            letters = "".join(dice.choice(string.ascii_uppercase) for _ in range(dice.randint(4, 7)))
            parts = [name, dice.choice(cities), letters, f"{day:%d%b}", f"x{digits(dice, 4)}"]
            words = " ".join(part for part in parts if part == name or dice.random() < 0.7)
            return words if dice.random() < 0.7 else words.upper()

        return text

    book.repeat("lumio", monthly(31, weekend=0), -11.0, anywhere("Lumio Play"))
    book.repeat("kabel", monthly(29, jitter=1), -39.9, anywhere("Kabelwerk"), rise=0.08)
    book.repeat("fonia", monthly(10), -15.0, anywhere("Fonia Mobile"), moves_to="second")
    book.repeat("insure", monthly(4, 3), -88.2, anywhere("Securis Insurance"))
    book.repeat("dental", monthly(20, 6, jitter=3), -64.0, anywhere("Dentaplan"))
    book.repeat("domain", monthly(8, 12), -18.0, anywhere("Hostnest"))
    book.repeat("box", every(14), -23.5, anywhere("Greencrate"), skip=0.1)
    book.repeat("lesson", every(7), -30.0, anywhere("Studio Arpeggio"), part=(0.2, 0.9))
    book.repeat("energy", monthly(12, 2, jitter=2), -97.0, anywhere("Voltara"), swing=0.35)
    book.repeat("rent", monthly(3), -720.0, anywhere("Casa Immobilien"))
    book.repeat("wage", monthly(26, weekend=-1), 2450.0, anywhere("Helvetia Labs"), swing=0.03)
    book.repeat("tutor", monthly(15, jitter=3), 120.0, anywhere("Familie Brandt"))
    book.habit(0.4, 0, 0, anywhere("Kiosk Central"), prices=(2.0, 3.5, 3.9))
    book.habit(0.1, 0, 0, anywhere("Wash Point"), prices=(9.0, 14.0))
    book.habit((0, 0, 0, 0, 0, 0.9, 0), 40, 130, anywhere("Frischland"))
    book.habit(0.03, 28, 48, anywhere("Salon Vera"))
    book.habit(0.06, 35, 80, anywhere("Octanix"))
    for name in (
        "Brasserie Dix",
        "Nova Sport",
        "Libris",
        "Papier Haus",
        "Ottica Blu",
        "Vélo Vite",
        "Teehaus",
        "Pharmadoc",
    ):
        book.habit(0.012, 8, 70, anywhere(name))
    return book.rows()


def french(seed: int) -> list[Labelled]:
    """Return 20 months in French, written after the detection was finished, and never tuned on."""
    book = Book(seed, 20, "french")
    dice = book.dice

    def levy(name: str) -> Text:
        mandate = code(dice, 14)
        return lambda day: f"PRLV SEPA {name} ECH/{day:%d%m%y} ID EMETTEUR/{mandate} MDT/{digits(dice, 9)}"

    def paid(name: str) -> Text:
        return lambda day: (
            f"PAIEMENT CB {day:%d%m} {name} {dice.choice(('PARIS', 'LYON', 'NANTES', 'LILLE'))} CARTE {digits(dice, 4)}"
        )

    book.repeat("loyer", monthly(5), -780.0, lambda day: f"VIR PERM FONCIA GESTION LOYER {day:%m/%Y}", rise=0.02)
    book.repeat("edf", monthly(11), -68.0, levy("EDF CLIENTS PARTICULIERS"), rise=0.1)
    book.repeat("eau", monthly(25, 3, jitter=2), -91.0, levy("VEOLIA EAU"), swing=0.25)
    book.repeat("box", monthly(8), -29.99, levy("FREE TELECOM"))
    book.repeat("mobile", monthly(19), -15.99, levy("FREE MOBILE"))
    book.repeat("mutuelle", monthly(4), -54.3, levy("HARMONIE MUTUELLE"), rise=0.07)
    book.repeat("auto", monthly(2, 6), -231.0, levy("MAIF COTISATION"), swing=0.03)
    book.repeat("navigo", monthly(3, jitter=1), -86.4, paid("COMUTITRES NAVIGO"))
    book.repeat("canal", monthly(14, weekend=0), -22.99, paid("CANAL+ FRANCE"), part=(0.0, 0.6))
    book.repeat(
        "salaire",
        monthly(29, weekend=-1),
        2210.0,
        lambda day: f"VIR SEPA RECU DE ATELIERS DUVAL PAIE {day:%m%y}",
        swing=0.06,
    )
    book.repeat("caf", monthly(5), 148.5, lambda _: f"VIR CAF DU RHONE {digits(dice, 7)}XX")
    book.repeat("menage", every(7), -42.0, lambda day: f"VIR CESU MME KOWALSKI {day:%d/%m}", skip=0.1)
    for name, chance in (
        ("CARREFOUR CITY", 0.2),
        ("BOULANGERIE PAUL", 0.3),
        ("MONOPRIX", 0.15),
        ("SNCF CONNECT", 0.03),
    ):
        book.habit(chance, 2, 60, paid(name))
    book.habit((0, 0, 0, 0, 0, 0, 0.9), 12, 40, paid("MARCHE BIO"))
    book.habit(0.25, 0, 0, paid("LE PETIT ZINC"), prices=(9.5, 11.0, 13.5))
    book.habit(0.035, 0, 0, paid("COIFFEUR STUDIO M"), prices=(24.0,))
    return book.rows()


_SCHEDULED: Final = frozenset(
    {
        "salary",
        "salary2",
        "bonus",
        "check",
        "autopay",
        "mortgage",
        "principal",
        "saving",
        "investing",
        "interest",
        "dividend",
    }
)


def demo(seed: int) -> list[Labelled]:
    """Return what the demo bank shows of its household after two years, habits and all, by the text alone.

    A month-end valuation of investments is neither a payment nor a habit, so it is left out.
    """
    rows = []
    story = household(seed, UNTIL, UNTIL)
    shown = story.rows(frozenset(plans()), UNTIL)
    for key, row in shown.items():
        plan = key.split(":")[1]
        if plan == "valuation":
            continue
        recurring = plan.startswith("bill") or plan in _SCHEDULED
        series = f"{row.account_key}:{plan}" if recurring else ""
        rows.append(Labelled(key, row.account_key, row.date, str(row.amount), row.original_text, series))
    seen: dict[str, int] = {}
    for row in rows:
        seen[row.series] = seen.get(row.series, 0) + 1
    return [
        row if seen[row.series] > 1 else Labelled(row.id, row.account, row.date, row.amount, row.description, "")
        for row in rows
    ]


UNSEEN: Final = 11

HOUSEHOLDS: Final[dict[str, Callable[[int], list[Labelled]]]] = {
    "american": american,
    "plain": plain,
    "demo": demo,
    "german": german,
    "british": british,
    "shared names": shared_names,
    "travelling": travelling,
    "french": french,
}
