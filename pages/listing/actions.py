"""The bar above the list: what can be done to the chosen transactions, or to all that are filtered."""

from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from core.analytics import TransactionFilter, TransactionRow, known_tags, listed_ids
from core.ledger import LONGEST_TAG, Changes, edit_transactions, list_categories
from pages.listing import deeds
from pages.listing.edits import edits_window
from pages.listing.exporting import export_window
from pages.listing.splitting import split_editor
from pages.shared.categories import choices
from pages.shared.errors import failures_told
from pages.shared.filters import Asked, query_of
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import Visitor, require_user

MANY: Final = 100
"""Above so many transactions a change is confirmed."""
_ALL: Final = "all_filtered"


def selection_key(asked: Asked, lines: Sequence[TransactionRow]) -> str:
    """Return the key of the list's selection: another one for other lines, and after each deed.

    A selection is places of lines: when a sync puts a line above them, it would be of others.
    """
    shown = hash(tuple((line.id, line.part) for line in lines))
    return f"chosen_{deeds.turn()}_{shown}_{urlencode(query_of(asked))}"


def action_bar(
    guest: Visitor, wanted: TransactionFilter, chosen: tuple[int, ...], count: int, formats: Formats
) -> None:
    """Draw the bar."""
    every = f"{_ALL}_{deeds.turn()}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        whole = count > 0 and st.toggle(f"All {formats.number(count)}", key=every, help="Change all that are filtered")
        ready = whole or bool(chosen)
        for name, (label, icon, letter) in ACTIONS.items():
            st.button(
                label,
                key=f"action_{name}",
                icon=icon,
                disabled=not ready or (name == "split" and (whole or len(chosen) != 1)),
                shortcut=letter,
                on_click=_ask,
                args=(name, None if whole else chosen, wanted),
            )
        # A table's own buttons can't be pressed by keyboard.
        st.button(
            "Open",
            key="action_open",
            icon=":material/open_in_full:",
            disabled=len(chosen) != 1,
            shortcut="o",
            on_click=_open,
            args=chosen[:1],
        )
        last = deeds.last_edit(guest)
        st.button(
            "Undo",
            key="undo_last",
            icon=":material/undo:",
            disabled=last is None,
            shortcut="u",
            help=plain_text(last.sentence) if last else "Nothing to undo",
            on_click=deeds.undo,
            args=(last.id if last else 0,),
        )
    # Always one line, so that the rows under it stay where they are while they are being selected.
    if whole:
        st.caption(f"All {formats.number(count)} lines that are filtered, on every page, will be changed.")
    elif chosen:
        noun = "transaction is" if len(chosen) == 1 else "transactions are"
        st.caption(f"{formats.number(len(chosen))} {noun} selected.")
    else:
        st.caption("Select rows to change them, or choose a name to see everything about one.")


def beside_totals(count: int) -> None:
    """Draw what is about the list as a whole: the past edits, and taking it away."""
    for name, label, icon in (("edits", "Edits", ":material/history:"), ("export", "Export", ":material/download:")):
        if name == "edits" or count:
            st.button(label, key=f"open_{name}", icon=icon, type="tertiary", on_click=deeds.ask, args=(name,))


def _ask(name: str, chosen: tuple[int, ...] | None, wanted: TransactionFilter) -> None:
    guest = require_user()
    with failures_told():
        deeds.ask(name, listed_ids(guest.cache, wanted) if chosen is None else chosen)


def _open(transaction: int = 0) -> None:
    require_user()
    st.query_params["tx"] = str(transaction)


def open_window(wanted: TransactionFilter, count: int, formats: Formats) -> None:
    """Draw the window that was asked for."""
    deed = deeds.asked_deed()
    if deed is None:
        return
    if deed.name == "edits":
        edits_window(formats)
    elif deed.name == "export":
        export_window(wanted, count, formats)
    elif deed.name in FORMS:
        title = ACTIONS[deed.name][0]
        st.dialog(title, on_dismiss=deeds.forget)(_form)(deed, formats)


def _form(deed: deeds.Deed, formats: Formats) -> None:
    guest = require_user()
    with failures_told():
        if deed.name == "split":
            split_editor(guest, deed.ids[0], formats)
            return
        number = formats.number(len(deed.ids))
        noun = "transaction" if len(deed.ids) == 1 else "transactions"
        changes = FORMS[deed.name](guest)
        sure = len(deed.ids) <= MANY or st.checkbox(f"Yes, change all {number} {noun}", key="deed_sure")
        label = f"Change {number} {noun}"
        if st.button(
            label, type="primary", icon=":material/check:", key="deed_do", disabled=not sure or changes is None
        ):
            deeds.done(edit_transactions(guest.house.store, guest.user, deed.ids, changes or Changes()))
            st.rerun()


def _categorise(guest: Visitor) -> Changes | None:
    offered = choices(list_categories(guest.house.store, guest.user))
    found = st.selectbox(
        "Category", list(offered), index=None, format_func=offered.__getitem__, key="deed_category",
        placeholder="Choose a category",
    )  # fmt: skip
    back = st.checkbox(
        "Take my category back: the bank or a rule decides again", key="deed_clear", disabled=bool(found)
    )
    st.caption("Split ones keep the categories of their parts.")
    if found is not None:
        return Changes(own_category_id=found)
    return Changes(clear_category=True) if back else None


def _tag(guest: Visitor) -> Changes | None:
    tags = known_tags(guest.cache)
    added = st.multiselect(
        "Add tags", tags, accept_new_options=True, key="deed_add_tags", format_func=clean, max_selections=20,
        placeholder="Choose or type",
    )  # fmt: skip
    gone = st.multiselect("Take tags off", tags, key="deed_remove_tags", format_func=clean, placeholder="None")
    st.caption(f"A tag has up to {LONGEST_TAG} characters; a comma parts two.")
    return Changes(add_tags=tuple(added), remove_tags=tuple(gone)) if added or gone else None


def _rename(_: Visitor) -> Changes | None:
    name = st.text_input("Name", key="deed_name", max_chars=500, placeholder="Leave empty for the bank's own name")
    return Changes(own_name=name)


def _note(_: Visitor) -> Changes | None:
    note = st.text_area("Note", key="deed_note", max_chars=500, height=90, placeholder="Leave empty to take notes off")
    return Changes(note=note)


def _hide(_: Visitor) -> Changes | None:
    how = st.radio(
        "Budgets", [True, False], key="deed_hidden",
        format_func={True: "Leave them out of budgets", False: "Count them in budgets"}.__getitem__,
    )  # fmt: skip
    st.caption("They stay in the list, in balances and in every other figure.")
    return Changes(hidden=bool(how))


ACTIONS: Final = {
    "categorise": ("Categorise", ":material/category:", "k"),
    "tag": ("Tag", ":material/sell:", "t"),
    "rename": ("Rename", ":material/edit:", "m"),
    "note": ("Note", ":material/sticky_note_2:", "n"),
    "hide": ("Budgets", ":material/visibility_off:", "b"),
    "split": ("Split", ":material/call_split:", "s"),
}
"""What can be done: its label, its icon, and the key for it."""
FORMS: Final[dict[str, Callable[[Visitor], Changes | None]]] = {
    "categorise": _categorise,
    "tag": _tag,
    "rename": _rename,
    "note": _note,
    "hide": _hide,
    "split": lambda _: None,
}
