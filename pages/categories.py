"""Categories and rules: what money can be for, what is said of transactions by themselves, and what is asked."""

import streamlit as st

from core.analytics import category_rows
from core.ledger import Actions, Conditions
from pages.shared import filters
from pages.shared.errors import failures_told
from pages.shared.gate import require_user
from pages.sorting import categories, pairs, proposals, rules

guest = require_user()
st.title("Categories & rules", anchor=False)
with failures_told():
    # A link from a transaction brings the text that a rule is to be made of.
    text, category = st.query_params.pop("rule", ""), st.query_params.pop("category", "")
    named, automatic, paired, proposed = st.tabs(
        ["Categories", "Rules", "Transfers & refunds", "Proposals"],
        default="Rules" if text else "Categories",
        key="sorting_tab",
        on_change="rerun",
    )
    if named.open:
        with named:
            categories.categories_table(guest, category_rows(guest.cache))
    if automatic.open:
        with automatic:
            rules.rules_list(guest)
    if paired.open:
        with paired:
            pairs.pairs_list(guest)
    if proposed.open:
        with proposed:
            proposals.proposals_list(guest)
    if text:
        number = filters.number_in(category)
        wanted = Actions() if number is None else Actions(category_id=number)
        rules.edit_rule(None, Conditions(texts=(text[:80],)), wanted)
