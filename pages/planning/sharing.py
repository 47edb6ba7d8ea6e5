"""50/30/20: the income in three parts, against the shares that a person wants, and budgets made of it."""

from decimal import Decimal
from functools import partial
from typing import Final

import streamlit as st

from core.errors import FinTrackError
from core.formats import NONE
from core.planning import PlanMonth, SharedIncome, Shares, keep_shares, kept_shares, set_limits, shared_income
from pages.planning.budget_table import FAILED, TURN
from pages.shared.cards import Card, card_grid
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import Visitor, require_user

KEY: Final = "shares"
NAMES: Final = {"need": "Needs", "want": "Wants", "saving": "Savings"}
USUAL: Final = "Usual income"
MONTH: Final = "The month's income"
HELP: Final = {
    "need": "Housing, groceries, health, transport and the like. Each category says what it is.",
    "want": "Eating out, shopping, travel and the like.",
    "saving": "What came in and was not spent.",
}


def sharing(guest: Visitor, month: PlanMonth, formats: Formats) -> None:
    """Draw the shares, what was, and the budgets that would come of it."""
    basis, slider = st.columns([2, 3])
    with basis:
        chosen = st.segmented_control("Shares of", [USUAL, MONTH], default=USUAL, required=True, key="share_basis")
    kept = kept_shares(guest.house.store, guest.user)
    with slider:
        first, second = st.slider(
            "Needs, wants and savings, in per cent",
            0,
            100,
            (kept.need, kept.need + kept.want),
            key=KEY,
            on_change=_keep,
            help="Needs end at the first handle, wants at the second, the rest is saved. Kept for the next time.",
        )
    shares = Shares.split(first, second)
    view = shared_income(
        guest.house.store,
        guest.user,
        guest.cache,
        month,
        guest.today,
        shares,
        "month" if chosen == MONTH else "usual",
    )
    if view.income <= 0:
        st.caption("There is no income to share yet. It appears here once a month with an income is over.")
        return
    of = f"the median of {view.months} full months" if view.months else formats.month(view.month.start)
    st.caption(plain_text(f"Of an income of {formats.money(view.income, view.currency)} a month, {of}."))
    _parts(view, formats)
    if view.other:
        st.caption(
            plain_text(
                f"{formats.money(view.other, view.currency)} spent in {formats.month(view.month.start)} is neither: "
                "it has no category, or one that does not say."
            )
        )
    _budgets(view, formats)


def _parts(view: SharedIncome, formats: Formats) -> None:
    cards = []
    month = formats.month(view.month.start)
    for one in view.parts:
        usual = formats.money(one.usual, view.currency, whole=True)
        cards.append(
            Card(
                f"{NAMES[one.part]} · {one.share}%",
                formats.figure(one.target, view.currency),
                view.currency,
                note=f"{formats.money(one.spent, view.currency)} in {month}, usually {usual}",
                help=HELP[one.part],
            )
        )
    card_grid(cards, formats, columns=3, narrowest=200)


def _budgets(view: SharedIncome, formats: Formats) -> None:
    st.subheader("Budgets of it", anchor=False)
    changed = view.amounts
    if not changed:
        st.caption("Your budgets are already as these shares would have them.")
        return

    def told(amounts: list[Decimal | None]) -> list[str]:
        return [NONE if one is None else formats.money(one, view.currency, whole=True) for one in amounts]

    st.caption(
        "Each share is spread over what the last three months went on. Budgets that are in neither share end; "
        "savings need none, for they are what is not spent."
    )
    st.dataframe(
        {
            "Category": [clean(f"{one.title} ({one.group})" if one.group else one.title) for one in view.limits],
            "Share": [NAMES.get(one.part or "", "ends") for one in view.limits],
            "Usual": told([one.usual for one in view.limits]),
            "Limit now": told([one.before for one in view.limits]),
            "Limit to be": told([one.after for one in view.limits]),
        },
        column_config={
            name: st.column_config.TextColumn(alignment="right") for name in ("Usual", "Limit now", "Limit to be")
        },
        hide_index=True,
        alt="The budgets that would be set, beside those of now",
    )
    count = f"{len(changed)} limit" if len(changed) == 1 else f"{len(changed)} limits"
    st.button(
        f"Set these {count} from {formats.month(view.month.start)} on",
        type="primary",
        icon=":material/done_all:",
        key="shares_take",
        on_click=partial(_take, view),
    )


def _keep() -> None:
    guest = require_user()
    try:
        keep_shares(guest.house.store, guest.user, Shares.split(*st.session_state[KEY]))
    except FinTrackError as failure:
        st.session_state[FAILED] = failure


def _take(view: SharedIncome) -> None:
    guest = require_user()
    try:
        set_limits(guest.house.store, guest.user, view.month.start, view.amounts)
    except FinTrackError as failure:
        st.session_state[FAILED] = failure
        return
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.toast("The budgets were set.", icon=":material/check:")
