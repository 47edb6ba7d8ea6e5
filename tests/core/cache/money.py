"""Words to arrange a store with: a person, accounts, and rows that are written, edited, removed and brought back."""

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, Final

from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from core import clock
from core.cache import UserCache
from core.money import LIMIT
from core.store import (
    Account,
    Balance,
    Category,
    CategoryChoice,
    ExchangeRate,
    Item,
    Pair,
    Split,
    Store,
    Transaction,
    User,
    UserId,
    next_change,
    next_generation,
)

START: Final = date(2025, 11, 20)
TYPES: Final = ("checking", "credit card", "mortgage", "brokerage", "cash")
TABLES: Final = ("accounts", "balances", "categories", "days", "items", "months", "rates", "transactions")
_numbers: Final = count(1)

Edit = Callable[[Session, UserId, int], None]
"""One write to a person's money under a change number."""


def add_person(store: Store) -> UserId:
    """Add a person with one bank, an account of each of `TYPES` and one category of their own."""
    with store.write() as session:
        number = next(_numbers)
        person = User(email=f"person{number}@example.org", password_hash="!", created_at=clock.now())
        session.add(person)
        session.flush()
        item = Item(
            user_id=person.id, provider="demo", provider_key="one", institution_name="Bank", created_at=clock.now(),
            last_synced_at=clock.now(),
        )  # fmt: skip
        session.add(item)
        session.add(
            Category(user_id=person.id, code=f"OWN_{number}", group="ENTERTAINMENT", title="Chess", kind="spending")
        )
        session.flush()
        user = UserId(person.id)
        change = next_change(session, user)
        for name in TYPES:
            session.add(
                Account(
                    user_id=user, item_id=item.id, provider_key=name, name=name, type=name,
                    currency="EUR" if name == "cash" else "USD", current=None if name == "cash" else Decimal("-12.5"),
                    balance_at=clock.now(), created_at=clock.now(), change=change,
                )
            )  # fmt: skip
        return user


def write(store: Store, user: UserId, edits: Iterable[Edit]) -> None:
    """Do some edits as one write."""
    with store.write() as session:
        change = next_change(session, user)
        for edit in edits:
            edit(session, user, change)
            session.flush()


def added(rows: list[dict[str, Any]]) -> Edit:
    """Add transactions; `account` and `category` are places in the person's lists."""

    def edit(session: Session, user: UserId, change: int) -> None:
        accounts = _ids(session, Account, user)
        categories = [None, *_categories(session, user)]
        fresh = []
        for row in rows:
            account = session.get_one(Account, accounts[row["account"] % len(accounts)])
            fresh.append({
                "user_id": user, "account_id": account.id, "provider_key": str(next(_numbers)),
                "currency": account.currency, "date": START + timedelta(days=row["day"]), "amount": row["amount"],
                "name": row["name"], "merchant_name": row.get("merchant", ""), "pending": row["pending"],
                "created_at": clock.now(), "category_id": categories[row["category"] % len(categories)],
                "change": change,
            })  # fmt: skip
        if fresh:
            session.execute(insert(Transaction), fresh)

    return edit


def edited(place: int, **values: Any) -> Edit:
    """Edit the transaction at a place in the person's list, removed ones too; without any, nothing happens.

    Its refund, which takes its word for what it is for, is stamped with it.
    """

    def edit(session: Session, user: UserId, change: int) -> None:
        ids = _ids(session, Transaction, user)
        if ids:
            number = ids[place % len(ids)]
            session.execute(update(Transaction).where(Transaction.id == number).values(**values, change=change))
            refunds = select(Pair.second_id).where(Pair.first_id == number, Pair.kind == "refund")
            session.execute(update(Transaction).where(Transaction.id.in_(refunds)).values(change=change))

    return edit


def recategorised(place: int, category: int) -> Edit:
    """Give a transaction a category of the person's choice, or none."""

    def edit(session: Session, user: UserId, change: int) -> None:
        categories = [None, *_categories(session, user)]
        edited(place, own_category_id=categories[category % len(categories)])(session, user, change)

    return edit


def account_edited(place: int, **values: Any) -> Edit:
    """Edit an account."""

    def edit(session: Session, user: UserId, change: int) -> None:
        ids = _ids(session, Account, user)
        session.execute(update(Account).where(Account.id == ids[place % len(ids)]).values(**values, change=change))

    return edit


def balance_told(place: int, day: int, current: Decimal, *, removed: bool = False) -> Edit:
    """Say what an account held at the end of a day, or take that back."""

    def edit(session: Session, user: UserId, change: int) -> None:
        ids = _ids(session, Account, user)
        session.merge(
            Balance(
                account_id=ids[place % len(ids)], day=START + timedelta(days=day), user_id=user, current=current,
                change=change, removed_at=clock.now() if removed else None,
            )
        )  # fmt: skip

    return edit


def own_category_became(kind: str) -> Edit:
    """Change the kind of the person's own category, and with it what its rows count as."""

    def edit(session: Session, user: UserId, change: int) -> None:
        session.execute(update(Category).where(Category.user_id == user).values(kind=kind))

    return edit


def bank_failed(sentence: str) -> Edit:
    """Note an error on the person's bank."""

    def edit(session: Session, user: UserId, change: int) -> None:
        session.execute(update(Item).where(Item.user_id == user).values(error_code="X", error_sentence=sentence))

    return edit


def said_by_others(place: int, rule: int, learned: int, merchant: int, **values: Any) -> Edit:
    """Let a rule, the model and the merchant say what a transaction is for."""

    def edit(session: Session, user: UserId, change: int) -> None:
        categories = [None, *_categories(session, user)]
        edited(
            place,
            rule_category_id=categories[rule % len(categories)],
            learned_category_id=categories[learned % len(categories)],
            merchant_category_id=categories[merchant % len(categories)],
            **values,
        )(session, user, change)

    return edit


def split_up(place: int, shares: list[tuple[Decimal, int, str]]) -> Edit:
    """Split a transaction into parts, the last of which takes the rest.

    Without shares it is whole again, and where the rest would be more than can be kept.
    """

    def edit(session: Session, user: UserId, change: int) -> None:
        ids = _ids(session, Transaction, user)
        if not ids:
            return
        row = session.get_one(Transaction, ids[place % len(ids)], populate_existing=True)
        session.execute(delete(Split).where(Split.transaction_id == row.id))
        session.expunge_all()
        categories = [None, *_categories(session, user)]
        rest = row.amount - sum(amount for amount, _, _ in shares)
        parts = [*shares, (rest, 0, "")] if shares and abs(rest) < LIMIT else []
        for position, (amount, category, note) in enumerate(parts, start=1):
            session.add(
                Split(
                    transaction_id=row.id, position=position, user_id=user, amount=amount, note=note,
                    category_id=categories[category % len(categories)],
                )
            )  # fmt: skip
        edited(place)(session, user, change)

    return edit


def paired(first: int, second: int, kind: str) -> Edit:
    """Let two transactions belong together, whatever they belonged to before; of one alone nothing is made."""

    def edit(session: Session, user: UserId, change: int) -> None:
        ids = _ids(session, Transaction, user)
        one, other = (ids[place % len(ids)] for place in (first, second)) if ids else (0, 0)
        if one == other:
            return
        for pair in session.scalars(select(Pair).where(Pair.user_id == user)).all():
            if {pair.first_id, pair.second_id} & {one, other}:
                freed = update(Transaction).where(Transaction.pair_id == pair.id)
                session.execute(freed.values(pair_id=None, change=change))
                session.delete(pair)
        session.flush()
        pair = Pair(
            user_id=user, kind=kind, first_id=one, second_id=other, state="found", permille=900,
            created_at=clock.now(),
        )  # fmt: skip
        session.add(pair)
        session.flush()
        sides = [one, other] if kind == "transfer" else [other]
        named = update(Transaction).where(Transaction.id.in_(sides))
        session.execute(named.values(pair_id=pair.id, change=change))

    return edit


def chosen(place: int, into: int | None, **values: Any) -> Edit:
    """Let the person call a built-in category otherwise, hide it, or merge it into another one."""

    def edit(session: Session, user: UserId, change: int) -> None:
        own = _categories(session, user)
        category = own[place % 2]
        goal = None if into is None else own[2 + into % 3]
        session.merge(CategoryChoice(user_id=user, category_id=category, merged_into_id=goal, **values))

    return edit


def currency_became(currency: str) -> Edit:
    """Change the currency of the person's totals."""

    def edit(session: Session, user: UserId, change: int) -> None:
        session.execute(update(User).where(User.id == user).values(currency=currency))

    return edit


def rate_told(currency: str, day: int, rate: Decimal) -> Edit:
    """Tell a rate of the person's own, as taking in a file does."""

    def edit(session: Session, user: UserId, change: int) -> None:
        session.merge(
            ExchangeRate(user_id=user, currency=currency, day=START + timedelta(days=day), rate=f"{rate.normalize():f}")
        )
        next_generation(session, user)

    return edit


def _ids(session: Session, kind: Any, user: UserId) -> list[int]:
    return list(session.scalars(select(kind.id).where(kind.user_id == user).order_by(kind.id)))


def _categories(session: Session, user: UserId) -> list[int]:
    """Return one category of each kind, and the person's own."""
    built_in = [1, 4, 6, 7]
    return [*built_in, *_ids(session, Category, user)]


def tables(cache: UserCache) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of a cache, in the order of their values; wordings in words."""
    cache.refresh()
    home = cache._home
    assert home is not None
    worded = (
        "(SELECT t.* REPLACE (w.words AS wording) FROM transactions AS t LEFT JOIN wordings AS w ON w.id = t.wording)"
    )
    with closing(home.connection.cursor()) as cursor:
        return {
            name: cursor.execute(f"SELECT * FROM {worded if name == 'transactions' else name} ORDER BY ALL").fetchall()
            for name in TABLES
        }


amounts: Final = st.one_of(
    st.decimals(Decimal(-500), Decimal(500), places=2),
    st.sampled_from([Decimal(0), Decimal("-0.0001"), Decimal("9999999999999.9999"), Decimal("-9999999999999.9999")]),
)
days: Final = st.integers(0, 130)
texts: Final = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
currencies: Final = st.sampled_from(["USD", "EUR", "JPY", "XTS", "XXX"])
rates: Final = st.decimals(Decimal("0.00000001"), Decimal("999999999.99999999"), places=8)
places: Final = st.integers(0, 40)
new_rows: Final = st.fixed_dictionaries(
    {
        "account": places, "category": places, "day": days, "amount": amounts, "name": texts, "merchant": texts,
        "pending": st.booleans(),
    }
)  # fmt: skip

tags: Final = st.sets(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=4), max_size=3).map(
    lambda found: "\n".join(sorted(found))
)
shares: Final = st.decimals(Decimal(-500), Decimal(500), places=2)

edits: Final[st.SearchStrategy[Edit]] = st.one_of(
    st.lists(new_rows, min_size=1, max_size=12).map(added),
    st.builds(edited, places, amount=amounts),
    st.builds(edited, places, date=days.map(lambda day: START + timedelta(days=day))),
    st.builds(edited, places, pending=st.booleans(), own_name=texts, note=texts),
    st.builds(edited, places, removed_at=st.sampled_from([None, clock.now()])),
    st.builds(recategorised, places, places),
    st.builds(
        edited,
        places,
        own_tags=tags,
        rule_tags=tags,
        own_hidden=st.none() | st.booleans(),
        rule_hidden=st.booleans(),
        rule_name=texts,
    ),
    st.builds(said_by_others, places, places, places, places, learned_sets=st.booleans()),
    st.builds(split_up, places, st.lists(st.tuples(shares, places, texts), max_size=3)),
    st.builds(paired, places, places, st.sampled_from(["transfer", "refund"])),
    st.builds(chosen, places, st.none() | places, title=texts, hidden=st.booleans()),
    st.builds(balance_told, places, days, amounts, removed=st.booleans()),
    st.builds(account_edited, places, hidden=st.booleans(), nickname=texts),
    st.builds(account_edited, places, type=st.sampled_from(TYPES)),
    st.builds(account_edited, places, removed_at=st.sampled_from([None, clock.now()])),
    st.builds(account_edited, places, current=st.none() | amounts),
    st.builds(own_category_became, st.sampled_from(["income", "spending", "transfer"])),
    st.builds(bank_failed, texts),
    st.builds(edited, places, currency=currencies),
    st.builds(account_edited, places, currency=currencies),
    st.builds(currency_became, currencies),
    st.builds(rate_told, st.sampled_from(["USD", "JPY", "XTS"]), days, rates),
)
