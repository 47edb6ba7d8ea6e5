"""Lists of what recurs, and the dialogs about one of them."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from core.planning import Choice, Rise, Subscription, choose
from pages.recurring.wording import badges, how_often, rows_link
from pages.shared.charts import Point, draw, history_figure
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, clean, formats_of, plain_text
from pages.shared.gate import require_user
from pages.shared.icons import unseen
from pages.shared.links import page_link
from pages.shared.tables import link_with_words

WHY: Final = "Why it is here"
CONFIRM: Final = "Confirm"
UNCONFIRM: Final = "Take the confirmation back"
RENAME: Final = "Rename"
IGNORE: Final = "Ignore"
TOLD: Final[dict[Choice, str]] = {
    "confirmed": "{} is confirmed.",
    "ignored": "{} is ignored from now on.",
    "": "{} is as it was found.",
}


def listed(several: Sequence[Subscription], rises: Mapping[str, Rise], formats: Formats) -> None:
    """Draw each with what it costs, why it is here, and what can be said of it."""
    with st.grid(2, min_column_width=330, gap="small", height="stretch"):
        for one in several:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _row(one, rises.get(one.key), formats)


def _row(one: Subscription, rise: Rise | None, formats: Formats) -> None:
    series = one.found.series
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top", wrap=False):
        link_with_words(rows_link(one.found, one.name))
        about = "" if series.spread == "fixed" else "about "
        st.markdown(
            f"{about}**{plain_text(formats.money(abs(series.amount), series.currency))}**  \n"
            f":small[:gray[{plain_text(formats.money(abs(series.yearly), series.currency))} a year]]",
            text_alignment="right",
            width="content",
        )
        if one.choice == "ignored":
            st.button("Bring back", key=f"back_{one.key}", icon=":material/undo:", on_click=said, args=(one, ""))
        else:
            _menu(one)
    with st.container(gap=None):
        st.caption(plain_text(how_often(one, formats)))
        st.caption(plain_text("; ".join(series.reasons)))
    if shown := badges(one, f"Dearer since {formats.day(rise.change.day)}" if rise else ""):
        st.markdown(shown)


def _menu(one: Subscription) -> None:
    key = f"recurring_menu_{one.key}"
    what = f"What to do with {one.name}"
    deed = st.menu_button(
        unseen(what),
        [WHY, UNCONFIRM if one.choice == "confirmed" else CONFIRM, RENAME, IGNORE],
        icon=":material/more_horiz:",
        key=key,
        type="tertiary",
        help=plain_text(what),
        on_click=_chosen,
        args=(one, key),
    )
    if deed == WHY:
        why(one)
    if deed == RENAME:
        rename(one)


def _chosen(one: Subscription, key: str) -> None:
    choices: dict[str, Choice] = {CONFIRM: "confirmed", UNCONFIRM: "", IGNORE: "ignored"}
    if (deed := st.session_state[key]) in choices:
        said(one, choices[deed])


def said(one: Subscription, state: Choice) -> None:
    """Keep what the person says of one, before the page is drawn anew. For `on_click`."""
    guest = require_user()
    with failures_told():
        choose(guest.house.store, guest.user, one.key, state=state)
        st.toast(TOLD[state].format(plain_text(one.name)), icon=":material/check:")


@st.dialog("Why it is here")
def why(one: Subscription) -> None:
    """Show what speaks for it: the payments, how their amount moved, and the transactions."""
    guest = require_user()
    formats, series = formats_of(guest.profile), one.found.series
    with failures_told():
        st.subheader(plain_text(one.name), anchor=False)
        st.markdown("\n".join(f"- {plain_text(reason[:1].upper() + reason[1:])}" for reason in series.reasons))
        if series.window and series.next_date and not one.stopped:
            first, last = (formats.short_day(day) for day in series.window)
            st.caption(
                plain_text(f"The next is expected on {formats.day(series.next_date)}, likely {first} to {last}.")
            )
        for change in reversed(series.price_changes):
            before, after = (formats.money(amount, series.currency) for amount in (change.before, change.after))
            st.markdown(plain_text(f"{formats.day(change.day)}: {before} before, {after} since."))
        points = tuple(Point(paid.day, abs(paid.amount)) for paid in one.found.payments)
        draw(
            history_figure(points, series.currency, formats),
            key=f"amounts_{one.key}",
            alt=f"What was paid each time, in {series.currency}",
            header=("Day", "Amount"),
            rows=[[formats.day(point.day), formats.money(point.amount, series.currency)] for point in reversed(points)],
        )
        page_link(rows_link(one.found, "See its transactions"))


@st.dialog("Rename")
def rename(one: Subscription) -> None:
    """Let the person call it otherwise; an empty name gives its own back."""
    guest = require_user()
    with st.form("rename_recurring", border=False):
        name = st.text_input(
            "Name", value=clean(one.name) if one.named else "", placeholder=clean(one.found.name), max_chars=80
        )
        st.caption("Here and in the calendar. Its transactions keep their names.")
        if st.form_submit_button("Save", type="primary", icon=":material/check:"):
            with failures_told():
                choose(guest.house.store, guest.user, one.key, name=name)
                st.toast("Saved.", icon=":material/check:")
                st.rerun()
