"""The bank connections: how each does and why, what to do next, and what can be done with it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

import streamlit as st

from core.banking import Checkup, Connection, Health, Run, Step, list_runs
from pages.banks import wishes
from pages.banks.syncing import in_words
from pages.banks.wishes import Deed
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import require_user
from pages.shared.icons import unseen

COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
PNG: Final = re.compile(r"[A-Za-z0-9+/=\s]{40,200000}")
GREY: Final = "#6B7686"
GOOD: Final = 80
FAIR: Final = 50

Colour = Literal["red", "orange", "green", "gray"]


class Way(NamedTuple):
    """How a next step looks: its badge, and the button that does it."""

    icon: str
    word: str
    colour: Colour
    deed: Deed | None = None
    button: str = ""
    way: str = "bank"
    """How an account is added, when that is the deed."""


WAYS: Final[Mapping[Step, Way]] = {
    "nothing": Way(":material/check:", "Up to date", "green"),
    "wait": Way(":material/build:", "Trying again", "orange", "sync", "Try now"),
    "sync": Way(":material/build:", "Sync failed", "orange", "sync", "Sync again"),
    "reconnect": Way(":material/key:", "Sign in again", "red", "mend", "Reconnect"),
    "bank first": Way(":material/key:", "Act at the bank", "red", "mend", "Reconnect"),
    "link again": Way(":material/link_off:", "Link again", "red", "add", "Link again"),
    "files": Way(":material/block:", "Not supported", "gray", "add", "Import files", "file"),
    "set up": Way(":material/settings_alert:", "Set-up needed", "orange", "sync", "Sync again"),
}
MENU: Final[Mapping[str, Deed]] = {
    ":material/sync: Sync now": "sync",
    ":material/account_balance_wallet: Ask for balances": "balances",
    ":material/key: Sign in again": "mend",
    ":material/playlist_add: Choose accounts": "accounts",
    ":material/history: Past syncs": "history",
    ":material/link_off: Remove": "remove bank",
}
DEMO_MENU: Final[Mapping[str, Deed]] = {**MENU, ":material/key_off: Break the login": "break"}
"""The demo bank's logins break on request."""


def mark_of(colour: str, logo: str = "") -> str:
    """Return an institution's mark as HTML: its logo, else a small disc of its colour."""
    if logo and PNG.fullmatch(logo):
        picture = "".join(logo.split())
        return f'<img src="data:image/png;base64,{picture}" alt="" width="20" height="20" style="border-radius:4px">'
    shown = colour if COLOUR.fullmatch(colour) else GREY
    look = f"display:block;width:10px;height:10px;border-radius:5px;background:{shown};box-shadow:0 0 0 1px #8883"
    return f'<span style="{look}" aria-hidden="true"></span>'


def way_of(connection: Connection, health: Health) -> Way:
    """Return how a connection stands and what comes next."""
    if health.step == "nothing":
        if connection.new_accounts:
            return Way(":material/playlist_add:", "New accounts", "orange", "accounts", "Choose accounts")
        if connection.last_synced_at is None:
            return Way(":material/schedule:", "Not synced yet", "gray", "sync", "Sync")
        fresh = next(part for part in health.parts if part.name == "Freshness")
        if fresh.points < fresh.most:
            return Way(":material/schedule:", "Late", "orange", "sync", "Sync")
    return WAYS[health.step]


def score_colour(score: int) -> Colour:
    """Return the colour of a score; the number stands beside it, so that colour is never alone."""
    return "green" if score >= GOOD else "orange" if score >= FAIR else "red"


def needs_attention(
    connections: Sequence[Connection], checkup: Checkup, next_runs: Mapping[int, datetime], formats: Formats
) -> None:
    """Draw what a person has to do something about, each with its one next step."""
    for one in connections:
        health = checkup.items[one.id]
        way = way_of(one, health)
        if way.colour == "green" or (way.deed in {"sync", None} and health.step == "nothing"):
            continue
        part = health.parts[0]
        with (
            st.container(border=True),
            st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"),
        ):
            words = one.error or part.reason
            if health.step == "wait" and one.id in next_runs:
                words = f"{words} It is tried again by itself {formats.ahead(next_runs[one.id])}."
            st.markdown(
                f":{way.colour}[{way.icon}] **{plain_text(one.institution)}**  \n{plain_text(words)}", width="stretch"
            )
            if way.deed:
                st.button(
                    way.button,
                    key=f"attend_{one.id}",
                    type="primary" if way.colour == "red" else "secondary",
                    on_click=wishes.wish,
                    args=(way.deed, one.id, way.way),
                )


def connection_list(
    connections: Sequence[Connection],
    checkup: Checkup,
    next_runs: Mapping[int, datetime],
    formats: Formats,
) -> None:
    """Draw the bank connections: health with its reasons, last and next run, and a menu."""
    with st.container(border=True, gap="small"):
        st.subheader("Bank connections", anchor=False)
        if not connections:
            st.caption("None yet. Accounts kept by hand or from files need none.")
        for one in connections:
            health = checkup.items[one.id]
            way = way_of(one, health)
            with st.container(gap="xsmall"):
                with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="xsmall"):
                    st.html(mark_of(one.color, one.logo), width="content")
                    st.markdown(
                        f"**{plain_text(one.institution)}** :{way.colour}-badge[{way.icon} {way.word}]  \n"
                        f":small[:gray[{plain_text(_when(one, next_runs.get(one.id), formats))}]]",
                        width="stretch",
                    )
                    _menu(one)
                _reasons(one.id, health)


def _menu(one: Connection) -> None:
    key = f"bank_menu_{one.id}"
    what = f"What to do with {one.institution}"
    st.menu_button(
        unseen(what),
        list(DEMO_MENU if one.provider == "demo" else MENU),
        icon=":material/more_horiz:",
        key=key,
        type="tertiary",
        on_click=_choose,
        args=(key, one.id),
        help=plain_text(what),
    )


def _choose(key: str, item: int) -> None:
    deed = DEMO_MENU.get(str(st.session_state.get(key)))
    if deed:
        wishes.wish(deed, item)


def _when(one: Connection, following: datetime | None, formats: Formats) -> str:
    last = f"Last synced {formats.ago(one.last_synced_at)}" if one.last_synced_at else "Never synced"
    if following is None:
        return f"{last}, not by itself"
    return f"{last}, next {formats.ahead(following)}"


def _reasons(item: int, health: Health) -> None:
    score = health.score
    with st.expander(f":{score_colour(score)}[Health {score} of 100]", key=f"health_{item}"):
        for part in health.parts:
            mark = ":material/check:" if part.points == part.most else ":material/info:"
            advice = f" {plain_text(part.advice)}" if part.advice else ""
            st.markdown(
                f"{mark} **{part.name}** {part.points} of {part.most}  \n"
                f":small[:gray[{plain_text(part.reason)}{advice}]]"
            )


@st.dialog("Past syncs", width="large", on_dismiss=wishes.done)
def history(item: int, formats: Formats) -> None:
    """Show what the last syncs of a connection did."""
    guest = require_user()
    runs = list_runs(guest.house.store, guest.user, item)
    if not runs:
        st.caption("No sync was noted yet.")
        return
    st.table(
        [
            {
                "When": formats.moment(run.started_at),
                "Asked by": ASKED[run.trigger],
                "Brought": plain_text(brought(run, formats)),
                "Took": f"{(run.finished_at - run.started_at).total_seconds():.1f} s",
            }
            for run in runs
        ],
        border="horizontal",
        hide_index=True,
        alt="The last syncs of this connection",
    )


ASKED: Final = {
    "person": "you",
    "schedule": "the schedule",
    "webhook": "the bank's notice",
    "command": "the command line",
    "link": "linking",
}


def brought(run: Run, formats: Formats) -> str:
    """Return what a sync brought, or why it failed."""
    if run.error_code:
        return run.error or "It failed."
    return in_words(run.added, run.posted, run.modified, run.removed, formats)
