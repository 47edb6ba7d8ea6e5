"""Names that would be markup: no screen that lists, analyses, explores, foresees or reports reads them as any."""

from decimal import Decimal
from typing import Final

import pytest
from sqlalchemy import String, cast, literal, select, update
from streamlit.testing.v1 import AppTest

from core.analytics import save_view
from core.clerk import put_in_order
from core.demo import start_demo
from core.identity import profile
from core.insights import generate
from core.planning import month_of, set_limit
from core.runtime import Runtime
from core.store import Account, Category, CategoryChoice, Item, Pair, Transaction, UserId
from tests.pages.conftest import Open
from tests.pages.test_coach import asked

HOSTILE: Final = (
    "![x](http://evil.example/a.png)<img src=x onerror=alert(1)><b>z</b> [l](http://evil.example) :red[y] \"'><i>"
)
PLAIN: Final = frozenset({"code", "dataframe", "multiselect", "selectbox", "text_input", "text_area"})
"""What shows text as it is, on a canvas or in a field."""
TAGS: Final = ("<img src=x", "<b>z")
DRAWN: Final = {"html": (*TAGS, r"\"\'>"), "plotly_chart": TAGS}
"""What reads tags; all else reads Markdown."""
MARKDOWN: Final = ("![x](", "[l](", ":red[y")
FOOD: Final = 8
SCREENS: Final = (
    *(("analytics", {"view": view}) for view in ("spending", "flow", "worth", "year")),
    ("explore", {"rows": "category,merchant", "columns": "", "chart": "treemap", "text": "evil"}),
    ("explore", {"rows": "category", "columns": "account", "chart": "stacked"}),
    ("overview", {}),
    ("bills", {}),
    ("accounts", {}),
    ("reconcile", {}),
    ("insights", {}),
    ("forecast", {}),
    ("report", {}),
)


@pytest.fixture(scope="module")
def victim(house: Runtime) -> UserId:
    """Return a person in whose household everything is called so."""
    user = start_demo(house, "10.9.9.9")
    with house.store.write() as session:
        for table, name in (
            (Account, Account.name),
            (Item, Item.institution_name),
            (Transaction, Transaction.own_name),
        ):
            # A dozen of each, that they can be told apart.
            told = literal(f"{HOSTILE} ") + cast(table.id % 12, String)
            session.execute(update(table).where(table.user_id == user).values({name: told}))
        marks = {Item.institution_color: HOSTILE, Item.institution_logo: HOSTILE}
        session.execute(update(Item).where(Item.user_id == user).values(marks))
        for number in session.scalars(select(Category.id).where(Category.user_id.is_(None))).all():
            session.merge(CategoryChoice(user_id=int(user), category_id=number, title=f"{HOSTILE} {number}"))
    who, cache = profile(house.store, user), house.caches.of(user)
    cache.rebuild()
    save_view(house.store, user, HOSTILE[:60], "rows=merchant")
    set_limit(house.store, user, FOOD, month_of(who.today, who.month_start_day).start, Decimal(1))
    generate(house.store, user, cache, who.today)
    return user


def nothing_is_read(app: AppTest) -> None:
    """Look whether names on a screen stand there, and whether any is read as what it pretends to be."""
    read = [(one.type, str(one.proto)) for one in (*app.main, *app.sidebar) if one.type not in PLAIN]
    assert any("evil" in words for _, words in read)
    for kind, said in read:
        # Plotly writes what opens and closes a tag by its number.
        words = said.replace(r"\\u003c", "<").replace(r"\\u003e", ">")
        for sign in DRAWN.get(kind, MARKDOWN):
            assert sign not in words, (kind, sign)


@pytest.mark.parametrize(("screen", "query"), SCREENS)
def test_no_name_is_read_as_markup(open_screen: Open, victim: UserId, screen: str, query: dict[str, str]) -> None:
    app = open_screen(screen, victim, **query)
    assert not app.exception
    assert not app.error
    nothing_is_read(app)


def test_no_name_of_the_other_side_is_read_as_markup(open_screen: Open, house: Runtime, victim: UserId) -> None:
    put_in_order(house.store, victim)
    with house.store.read() as session:
        pair = session.scalars(select(Pair.first_id).where(Pair.user_id == victim)).first()
    app = open_screen("transactions", victim, tx=str(pair))
    assert "Belongs together with" in [one.value for one in app.subheader]
    nothing_is_read(app)


@pytest.mark.parametrize("question", ["What did I spend on what last month?", "How much is on my accounts?"])
def test_no_name_in_an_answer_is_read_as_markup(open_screen: Open, victim: UserId, question: str) -> None:
    nothing_is_read(asked(open_screen("coach", victim), question))
