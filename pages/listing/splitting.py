"""The table in which a transaction is split into parts; what is left to be shared out is said as it is typed."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.errors import AmountError
from core.ledger import (
    Part,
    TransactionDetail,
    left_to_share,
    list_categories,
    split_transaction,
    transaction_detail,
    unsplit,
)
from core.money import exact, minor_digits
from pages.listing import deeds
from pages.shared.categories import choices
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import Visitor
from pages.shared.tables import pandas

if TYPE_CHECKING:
    import pandas as pd

NONE: Final = 0


def split_editor(guest: Visitor, transaction: int, formats: Formats) -> None:
    """Draw the parts of a transaction to be typed. Amounts are typed as they were paid: a discount has the minus."""
    one = transaction_detail(guest.house.store, guest.user, transaction)
    offered = {NONE: "No category"} | choices(list_categories(guest.house.store, guest.user))
    sign = -1 if one.amount < 0 else 1
    st.markdown(
        f"**{plain_text(one.name) or 'No name'}** · {plain_text(formats.money(one.amount, one.currency, signed=True))}"
    )
    typed = st.data_editor(
        _begun(one, sign, offered),
        key=f"split_{one.id}_{deeds.turn()}",
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "Amount": st.column_config.NumberColumn(
                step=10.0 ** -minor_digits(one.currency), width=100, help="One line without an amount takes the rest"
            ),
            "Category": st.column_config.SelectboxColumn(
                options=list(offered), format_func=lambda number: offered.get(number, "No category"), width=190
            ),
            "Note": st.column_config.TextColumn(max_chars=500, width=130),
        },
        alt="The parts of this transaction",
    )
    parts, rest = _parts(typed.to_dict("records"), one, sign)
    if rest:
        st.caption(f":orange[{plain_text(formats.money(rest * sign, one.currency))}] is left to be shared out.")
    elif len(parts) < 2:
        st.caption("Give the first line its share: a line without an amount takes the rest.")
    else:
        st.caption(f":material/check: {len(parts)} parts add up to the whole.")
    with st.container(horizontal=True):
        if st.button(
            "Split", key="split_do", type="primary", icon=":material/call_split:", disabled=bool(rest) or len(parts) < 2
        ):
            deeds.done(split_transaction(guest.house.store, guest.user, one.id, parts))
            st.rerun()
        if one.parts and st.button("Make it whole again", key="split_undo", icon=":material/merge:"):
            deeds.done(unsplit(guest.house.store, guest.user, one.id))
            st.rerun()


def _begun(one: TransactionDetail, sign: int, offered: dict[int, str]) -> "pd.DataFrame":
    """Return the parts that there are, or the whole and an empty line, as the table begins with them."""
    first = [(one.amount, one.category_id, one.note), (None, None, "")]
    rows = [(part.amount, part.category_id, part.note) for part in one.parts] or first
    amounts = [None if amount is None else float(amount * sign) for amount, _, _ in rows]
    categories = [number if number in offered else NONE for _, number, _ in rows]
    pd = pandas()
    return pd.DataFrame(
        {
            "Amount": pd.Series(amounts, dtype="float"),
            "Category": pd.Series(categories, dtype="Int64"),
            "Note": pd.Series([note for _, _, note in rows], dtype="string"),
        }
    )


def _parts(rows: list[dict[str, Any]], one: TransactionDetail, sign: int) -> tuple[list[Part], Decimal]:
    """Return what was typed as parts, and what of the whole is left; one line without an amount takes that."""
    typed = [(_amount(row["Amount"], sign), _number(row["Category"]), _text(row["Note"])) for row in rows]
    rest = left_to_share(one.amount, (amount for amount, _, _ in typed if amount is not None))
    open_lines = [at for at, (amount, _, _) in enumerate(typed) if amount is None]
    if len(open_lines) == 1 and rest:
        _, category, note = typed[open_lines[0]]
        typed[open_lines[0]] = (rest, category, note)
        rest = Decimal(0)
    return [Part(amount, category, note) for amount, category, note in typed if amount is not None], rest


def _amount(typed: object, sign: int) -> Decimal | None:
    try:
        return None if _missing(typed) else exact(str(typed)) * sign
    except AmountError:
        return None


def _number(chosen: object) -> int | None:
    return None if _missing(chosen) else int(str(chosen)) or None


def _text(typed: object) -> str:
    return "" if _missing(typed) else str(typed)


def _missing(value: object) -> bool:
    # As the table has its empty cells: an amount, a category, a note.
    return value is None or str(value) in {"<NA>", "nan", "None"}
