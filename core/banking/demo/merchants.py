"""The shops, employers and services of the demo household: invented names, shipped as reference data."""

import csv
import json
import zlib
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from core.config import REFERENCE


@dataclass(frozen=True, slots=True)
class Merchant:
    """One whom money is paid to or comes from."""

    kind: str
    """What the household goes there for, such as "groceries"; several merchants share one."""
    name: str
    category: str
    """The detailed personal finance category code."""
    channel: str
    """in store, online or other."""
    city: str
    region: str
    country: str
    latitude: str
    longitude: str
    website: str
    weight: int
    """How often it is chosen among those of its kind, relative to the others."""

    @property
    def number(self) -> int:
        """Return a number that stays with the merchant: its store or creditor number."""
        return zlib.crc32(self.name.encode())

    @property
    def bank_text(self) -> str:
        """Return the name as card terminals print it: capitals, at most 22 characters."""
        return self.name.upper()[:22].strip()


@cache
def details_of(merchant: Merchant) -> str:
    """Return what a bank tells about the merchant, as a JSON object."""
    told: dict[str, Any] = {"merchant_entity_id": f"demo-{merchant.number:08x}"}
    counterparty = {"name": merchant.name, "type": "merchant"}
    if merchant.website:
        told["website"] = counterparty["website"] = merchant.website
    if merchant.latitude:
        told["location"] = {
            "city": merchant.city,
            "region": merchant.region or None,
            "country": merchant.country,
            "lat": float(merchant.latitude),
            "lon": float(merchant.longitude),
            "store_number": f"{merchant.number % 900 + 100}",
        }
    told["counterparties"] = [counterparty]
    return json.dumps(told, ensure_ascii=False)


@cache
def all_merchants() -> tuple[Merchant, ...]:
    """Return every merchant, in the order of the file."""
    with (REFERENCE / "demo_merchants.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Merchant(**{name: value for name, value in row.items() if name != "weight"}, weight=int(row["weight"]))
            for row in csv.DictReader(file)
        )


@cache
def merchants_of(kind: str) -> tuple[Merchant, ...]:
    """Return the merchants of one kind; at least one."""
    found = tuple(merchant for merchant in all_merchants() if merchant.kind == kind)
    if not found:
        raise LookupError(f"no merchant of the kind {kind!r}")
    return found


@cache
def merchant_named(name: str) -> Merchant:
    """Return the merchant with this name."""
    return next(merchant for merchant in all_merchants() if merchant.name == name)


def choose(dice: Random, kind: str) -> Merchant:
    """Pick a merchant of a kind, the favourite ones more often."""
    choices = merchants_of(kind)
    return choices[0] if len(choices) == 1 else dice.choices(choices, [one.weight for one in choices])[0]
