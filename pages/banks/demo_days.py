"""What only the demo bank offers: letting a day pass there, and breaking a login to see it healed."""

import streamlit as st

from core.demo import NextDay, break_login, next_day
from pages.banks import wishes
from pages.banks.syncing import in_words, outcome
from pages.banks.wishes import Told
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import Visitor


def let_a_day_pass(guest: Visitor, formats: Formats) -> None:
    """Go on to the next day at the demo bank, and say what it brought."""
    house = guest.house
    with failures_told(), st.status("A day passes at the demo bank", expanded=True) as status:
        passed = next_day(
            house.store,
            house.vault,
            house.providers,
            guest.user,
            lambda sentence: status.update(label=plain_text(sentence)),
        )
        wishes.tell(Told(good=True, sentence=f":material/today: {plain_text(summary(passed, formats))}"))
        wishes.tell(*(Told(not one.error, outcome(one, formats)) for one in passed.syncs))
        # What day it is was asked for before: the screen is drawn anew from it.
        st.rerun()


def summary(passed: NextDay, formats: Formats) -> str:
    """Return which day it is now, and in a few words what it brought."""
    told = in_words(passed.new, passed.posted, passed.changed, passed.removed, formats)
    return f"It is {formats.day(passed.today)} at the demo bank: {told}."


def break_it(guest: Visitor, item: int, institution: str) -> None:
    """Let a login stop working; the next sync runs into it at once, so that it shows."""
    house = guest.house
    with failures_told():
        break_login(house.store, house.vault, guest.user, item)
        told = f"{plain_text(institution)} lets FinTrack in no longer, until you sign in there again."
        wishes.tell(Told(good=True, sentence=f":material/key_off: {told}"))
        wishes.wish("sync", item)
        st.rerun()
