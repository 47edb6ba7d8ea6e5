"""At which rates amounts in other currencies go into totals, and newer rates from a file of the ECB."""

from datetime import timedelta
from typing import Final

import streamlit as st

from core.rates import STALE_AFTER, RatesStanding, rates_standing, take_in_rates
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import Visitor, require_user

KINDS: Final = ("zip", "csv", "xml")
_TOLD: Final = "rates_told"
_NUMBER: Final = "rates_number"


def rates_section(guest: Visitor) -> None:
    """Draw of which day the rates are, and take in a newer file."""
    formats = formats_of(guest.profile)
    with st.container(border=True):
        st.subheader("Rates of exchange", anchor=False)
        standing = rates_standing(guest.house.store, guest.user)
        st.markdown(plain_text(_in_use(standing, formats)))
        age = guest.today - standing.last
        if age > STALE_AFTER:
            st.info(
                f"The newest rate is {formats.number(age // timedelta(days=1))} days old. "
                "What happened since then is converted at it, and said so.",
                icon=":material/schedule:",
            )
        st.caption(
            "Amounts stay in their own currency; only totals are converted, each amount at its day's rate. "
            "Source: European Central Bank, euro foreign exchange reference rates."
        )
        # Another key once a file was taken: the box is empty again.
        number = st.session_state.get(_NUMBER, 0)
        chosen = st.file_uploader("A newer file of the ECB", type=KINDS, key=f"rates_file_{number}")
        st.caption(
            plain_text(
                "The ECB offers eurofxref-hist.zip for download on ecb.europa.eu, under Statistics, Euro foreign "
                "exchange reference rates. The smaller files of a day or of 90 days, as CSV or XML, are taken too."
            )
        )
        if told := st.session_state.pop(_TOLD, ""):
            st.success(plain_text(told), icon=":material/check:")
        if chosen is not None and st.button("Take in these rates", icon=":material/currency_exchange:"):
            with failures_told():
                _take(chosen.getvalue(), formats)


def _take(data: bytes, formats: Formats) -> None:
    guest = require_user()
    with st.spinner("Reading the rates and adding up anew"):
        taken = take_in_rates(guest.house.store, guest.user, data)
        guest.cache.refresh()
    rates = f"{formats.number(taken.rates)} {'rate' if taken.rates == 1 else 'rates'}"
    days = formats.day(taken.last)
    if taken.first != taken.last:
        days = f"{formats.day(taken.first)} to {days}"
    news = f"{formats.number(taken.changed)} of them new" if taken.changed else "all of them known already"
    st.session_state[_TOLD] = f"The file has {rates} of {days}, {news}."
    st.session_state[_NUMBER] = st.session_state.get(_NUMBER, 0) + 1
    st.rerun()


def _in_use(standing: RatesStanding, formats: Formats) -> str:
    shipped = f"In use: the rates that come with FinTrack, up to {formats.day(standing.shipped)}"
    count = f"{formats.number(standing.own)} {'rate' if standing.own == 1 else 'rates'}"
    own = f", and {count} from your own files, up to {formats.day(standing.own_last)}" if standing.own_last else ""
    return f"{shipped}{own}. {standing.currencies} currencies are known."
