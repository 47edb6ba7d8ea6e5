"""Linking on a bank's own sign-in screen: the button that opens it, and noticing by itself when it is done."""

import time
from contextlib import suppress
from typing import Final, cast

import streamlit as st

from core import clock
from core.banking import Purpose, Visit, VisitStep, begin_visit, forget_visit, list_visits, look_at_visit
from core.errors import FinTrackError, NotFoundError
from pages.banks import wishes
from pages.banks.syncing import outcome
from pages.banks.wishes import Told
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import Visitor, require_user, visitor
from pages.shared.proof import confirmed

EVERY: Final = 3
"""Seconds between two looks at a visit."""
_LOOKED: Final = "visits_looked_at"
_SEEN: Final = "visits_seen"

TITLES: Final[dict[Purpose, str]] = {
    "new": "Link a bank",
    "mend": "Sign in at {bank} again",
    "accounts": "Choose the accounts of {bank}",
}


def begin(guest: Visitor, provider: str, purpose: Purpose = "new", item: int | None = None) -> None:
    """Make a sign-in screen ready; the panel shows it from the next run on."""
    house = guest.house
    try:
        with st.spinner("Getting the bank's sign-in page ready"):
            begin_visit(house.store, house.vault, house.providers, guest.signed_in, provider, purpose, item)
        st.session_state.pop(_LOOKED, None)
    except FinTrackError as failure:
        # The run that follows closes the window it was asked in, and would take the words along.
        wishes.tell(Told(good=False, sentence=f":material/error: {plain_text(str(failure))}"))


@st.dialog("Before you go to the bank", on_dismiss=wishes.done)
def confirm_first(provider: str, purpose: Purpose, item: int) -> None:
    """Ask who is there, then make the sign-in screen ready."""
    guest = require_user()
    with failures_told():
        if confirmed(guest):
            wishes.done()
            begin(guest, provider, purpose, item)
            st.rerun()


def tell_ended(guest: Visitor, formats: Formats) -> None:
    """Leave words on the visits that were shown here and have ended elsewhere: in another tab, or by the schedule."""
    house = guest.house
    seen = cast("set[int]", st.session_state.get(_SEEN, set()))
    for number in sorted(seen - {one.id for one in list_visits(house.store, house.vault, guest.user)}):
        _forget_seen(number)
        # A visit goes with its bank when that is removed in another tab.
        with suppress(NotFoundError):
            wishes.tell(*_words(look_at_visit(house.store, house.vault, house.providers, guest.user, number), formats))


def visits_panel(guest: Visitor) -> None:
    """Draw the visits that are open, and look how they stand for as long as the page is there."""
    visits = list_visits(guest.house.store, guest.house.vault, guest.user)
    st.session_state[_SEEN] = {one.id for one in visits}
    if visits:
        _watch()


@st.fragment(run_every=EVERY)
def _watch() -> None:
    # Nobody needs to be there for this to run: it is no act of theirs, and a session left alone must still end.
    guest = visitor(used=False)
    if guest is None:
        return
    formats = formats_of(guest.profile)
    house = guest.house
    visits = list_visits(house.store, house.vault, guest.user)
    # The page draws at once; the bank is asked from the second time on.
    last = st.session_state.setdefault(_LOOKED, time.monotonic())
    look = time.monotonic() - last > EVERY / 2
    changed = {one.id for one in visits} != st.session_state.get(_SEEN)
    for visit in visits:
        frame = st.container(border=True)
        step = VisitStep("waiting", "")
        if look:
            with frame, failures_told():
                told = st.empty()
                step = look_at_visit(
                    house.store,
                    house.vault,
                    house.providers,
                    guest.user,
                    visit.id,
                    lambda sentence, place=told: place.markdown(f":material/sync: {plain_text(sentence)}"),  # type: ignore[misc]
                )
        if step.state == "waiting" and not step.syncs:
            with frame:
                _open_door(visit, step.sentence, formats)
        else:
            wishes.tell(*_words(step, formats))
            _forget_seen(visit.id)
            changed = True
    if look:
        st.session_state[_LOOKED] = time.monotonic()
    if changed:
        st.rerun()


def _open_door(visit: Visit, sentence: str, formats: Formats) -> None:
    minutes = max(0, int((visit.expires_at - clock.now()).total_seconds() // 60))
    title = TITLES[visit.purpose].format(bank=visit.institution or "the bank")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"**{plain_text(title)}**  \n:small[:gray[The bank's own page opens in a new tab; your password never "
            f"comes here. This page notices by itself when you are done. {formats.number(minutes)} minutes left.]]",
            width="stretch",
        )
        with st.container(horizontal=True, width="content"):
            st.link_button("Open the sign-in page", visit.url, type="primary", icon=":material/open_in_new:")
            st.button(
                "Cancel",
                key=f"forget_{visit.id}",
                on_click=_forget,
                args=(visit.id,),
                help="Stop waiting for this sign-in",
            )
    if sentence:
        st.caption(f":material/info: {plain_text(sentence)}")


def _forget(visit: int) -> None:
    guest = require_user()
    with failures_told():
        forget_visit(guest.house.store, guest.user, visit)
        _forget_seen(visit)


def _forget_seen(visit: int) -> None:
    st.session_state[_SEEN] = st.session_state.get(_SEEN, set()) - {visit}


def _words(step: VisitStep, formats: Formats) -> list[Told]:
    told = [Told(not one.error, outcome(one, formats)) for one in step.syncs]
    if step.sentence:
        mark = "check" if step.state == "done" else "info"
        told.insert(0, Told(step.state == "done", f":material/{mark}: {plain_text(step.sentence)}"))
    if not told and step.state == "done":
        told.append(Told(good=True, sentence=":material/check: The bank is linked."))
    if not told:
        told.append(Told(good=True, sentence=":material/info: The bank's page was closed; nothing was linked."))
    return told
