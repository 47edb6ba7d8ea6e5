"""What FinTrack is and how it treats what it is trusted with."""

import streamlit as st

from core.rates import shipped_rates
from pages.shared.formats import Formats

st.title("About FinTrack", anchor=False)
st.markdown(
    f"""
FinTrack is a personal finance dashboard that you run yourself.

- **Where your data is.** In one database on this machine, in the folder `data`, encrypted unless that was switched
  off. A copy of the folder is of no use without the key, which is kept elsewhere.
- **What leaves this machine.** Requests to your bank's data service, Plaid, when you link a bank; letters, codes and
  sign-ins through the mail server, phone service and sign-in provider, where the owner has set them up. Nothing else.
- **What it costs.** Nothing. Plaid may charge for its service; bank files and the demo are free.
- **Rates of exchange.** Source: European Central Bank, euro foreign exchange reference rates, shipped up to
  {Formats(locale="en_GB").day(shipped_rates().last)}. The ECB lets everybody use them free of charge who names the
  source, and publishes them for information only. Newer ones are taken in under Settings, Profile.
- **Maps.** Made with Natural Earth, which is in the public domain. They come with FinTrack: where you paid is told to
  nobody.
- **How to keep it safe.** Write the recovery key down, set up a second factor in Settings, and let
  Settings or `python -m core backup` write everything into one encrypted file. Copies are also made before upgrades.
"""
)
