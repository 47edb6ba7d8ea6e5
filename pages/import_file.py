"""Bank files: look at what is in them, take them in, and take them back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, get_args

import msgspec
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.typing import UploadedFile

from core.importing import CsvLayout, FileIntake, look_at_file, take_in
from core.ledger import (
    AccountEntry,
    AccountType,
    BatchEntry,
    JudgedRow,
    NewAccount,
    StatementPreview,
    Target,
    checked_account,
    list_accounts,
    list_imports,
    preview_statement,
    undo_import,
)
from core.money import is_currency_code
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.formats import CURRENCIES, Formats, clean, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.links import Link, page_link
from pages.shared.tables import facts_table

KINDS: Final = ["ofx", "qfx", "qbo", "qif", "csv", "txt", "xml", "sta", "mt940", "940", "942"]
# Stands among the accounts for one to be made.
NEW: Final = 0
SHOWN_ROWS: Final = 200
FITTING_ROWS: Final = 9
PAST: Final = 20
DONE: Final = "import_done"
# The uploaded files that were imported: their cards are gone while the uploader still lists them.
TAKEN: Final = "import_taken"
SIGNS: Final = {
    "as written": "As written",
    "inverted": "Turned around (spending is positive)",
    "columns": "Two columns, out and in",
    "direction": "A column of words",
}


def part_key(file: UploadedFile, part: int, name: str) -> str:
    """Return the session key of a choice made for one account of one uploaded file."""
    return f"import_{file.file_id}_{part}_{name}"


def chosen_layout(file: UploadedFile, accounts: Sequence[AccountEntry]) -> CsvLayout | None:
    """Return how a CSV file is to be read: as the person said, else as the chosen account's files are."""
    own = st.session_state.get(part_key(file, 0, "layout"))
    if own is not None:
        return CsvLayout.from_json(own)
    account = st.session_state.get(part_key(file, 0, "account"))
    kept = next((one.csv_layout for one in accounts if one.id == account), "")
    return CsvLayout.from_json(kept) if kept else None


def chosen_currency(file: UploadedFile, accounts: Sequence[AccountEntry], usual: str) -> str:
    """Return the currency of a file that names none: the chosen account's, else the one typed in, else the person's."""
    account = st.session_state.get(part_key(file, 0, "account"))
    known = next((one.currency for one in accounts if one.id == account), "")
    typed = str(st.session_state.get(part_key(file, 0, "currency")) or "").strip().upper()
    return known or (typed if is_currency_code(typed) else usual)


@st.fragment
def file_card(file: UploadedFile, formats: Formats) -> None:
    """Draw what one uploaded file holds, where it goes, and the button that takes it in."""
    guest = require_user()
    with st.container(border=True):
        st.subheader(f":material/description: {plain_text(file.name)}", anchor=False)
        with failures_told():
            accounts = [one for one in list_accounts(guest.house.store, guest.user) if not one.hidden]
            intake = look_at_file(
                guest.house.store,
                guest.user,
                file.getvalue(),
                clean(file.name),
                layout=chosen_layout(file, accounts),
                currency=chosen_currency(file, accounts, guest.profile.currency),
            )
            for problem in intake.problems:
                st.warning(plain_text(problem), icon=":material/warning:")
            if intake.layout is not None:
                layout_form(file, intake.layout)
            intake = aimed(guest, file, intake, accounts)
            keep: set[str] = set()
            for at, preview in enumerate(intake.previews):
                keep |= preview_card(file, at, preview, intake, accounts, formats)
            import_button(guest, file, intake, frozenset(keep), formats)


def account_title(titles: Mapping[int, str], account: int) -> str:
    """Return what an account is called among those to choose from."""
    return clean(titles.get(account, "A new account"))


def aimed(guest: Visitor, file: UploadedFile, intake: FileIntake, accounts: Sequence[AccountEntry]) -> FileIntake:
    """Let the person say where each account of the file goes; return the intake judged against that."""
    targets: list[Target] = []
    for at, (statement, proposed) in enumerate(zip(intake.statements, intake.targets, strict=True)):
        currency = statement.account.currency
        fitting = {one.id: one for one in accounts if intake.currency_open or one.currency == currency}
        options = [NEW, *fitting]
        default = proposed if isinstance(proposed, int) and proposed in fitting else NEW
        goal, name, kind, money = st.columns([4, 4, 2, 2], vertical_alignment="bottom")
        chosen = goal.selectbox(
            "Into",
            options,
            index=options.index(default),
            format_func=partial(account_title, {one.id: one.title for one in fitting.values()}),
            key=part_key(file, at, "account"),
        )
        if chosen:
            targets.append(chosen)
            continue
        fallback = proposed if isinstance(proposed, NewAccount) else NewAccount(statement.account.name or "Imported")
        title = name.text_input("Its name", value=fallback.name, max_chars=80, key=part_key(file, at, "name"))
        types = list(get_args(AccountType))
        of: AccountType = kind.selectbox(
            "Type",
            types,
            index=types.index(fallback.type),
            format_func=str.capitalize,
            key=part_key(file, at, "type"),
        )
        money.selectbox(
            "Currency",
            list(dict.fromkeys([currency, *CURRENCIES])),
            accept_new_options=True,
            disabled=not intake.currency_open,
            key=part_key(file, at, "currency"),
        )
        new = replace(fallback, name=title, type=of, currency=currency)
        targets.append(checked_account(new))
    if tuple(targets) == intake.targets:
        return intake
    previews = tuple(
        preview_statement(guest.house.store, guest.user, statement, target, intake.source)
        for statement, target in zip(intake.statements, targets, strict=True)
    )
    return replace(intake, targets=tuple(targets), previews=previews)


def preview_card(
    file: UploadedFile,
    at: int,
    preview: StatementPreview,
    intake: FileIntake,
    accounts: Sequence[AccountEntry],
    formats: Formats,
) -> set[str]:
    """Draw what importing one account of the file would do; return the look-alikes to add all the same."""
    ours = next((one.current for one in accounts if one.id == preview.account_id), None)
    facts = {
        "Format": intake.source.format.upper(),
        "Transactions": formats.number(len(preview.rows)),
        "New": formats.number(preview.new),
        "Already there": formats.number(preview.duplicates),
        "Dates": f"{formats.day(preview.first_date)} to {formats.day(preview.last_date)}" if preview.rows else "",
        "Sum": formats.money(preview.total, preview.currency, signed=True),
    }
    if preview.ledger_balance is not None:
        facts["Balance in the file"] = formats.money(preview.ledger_balance, preview.currency)
    if ours is not None:
        facts["Balance here before"] = formats.money(ours, preview.currency)
    left, right = st.columns([1, 2])
    with left:
        facts_table({name: value for name, value in facts.items() if value}, alt="What is in the file")
    new = [row for row in preview.rows if row.verdict == "new"]
    known = [row for row in preview.rows if row.verdict == "duplicate"]
    with right:
        tab_new, tab_known = st.tabs(
            [f"New ({formats.number(len(new))})", f"Already there ({formats.number(len(known))})"]
        )
        with tab_new:
            row_table(new, preview.currency, formats, key=part_key(file, at, "new"))
        with tab_known:
            picked = row_table(known, preview.currency, formats, key=part_key(file, at, "known"), pick=True)
    return {known[one].file_key for one in picked if one < len(known)}


def row_table(rows: Sequence[JudgedRow], currency: str, formats: Formats, *, key: str, pick: bool = False) -> list[int]:
    """Draw rows of a file; with `pick` return the places of those that were ticked."""
    if not rows:
        st.caption("None.")
        return []
    shown = rows[:SHOWN_ROWS]
    columns = {
        "Date": [formats.day(row.record.date) for row in shown],
        "Name": [clean(row.record.merchant_name or row.record.name or row.record.original_text) for row in shown],
        "Amount": [formats.money(row.record.amount, currency, signed=True) for row in shown],
    }
    settings: dict[str, Any] = {
        "column_config": {
            # Together no wider than a phone: what is hidden must not be the amounts.
            "Date": st.column_config.TextColumn(width=95),
            "Name": st.column_config.TextColumn(width=120),
            "Amount": st.column_config.TextColumn(alignment="right", width=95),
        },
        "hide_index": True,
        "height": "content" if len(shown) <= FITTING_ROWS else 360,
        "key": key,
    }
    ticked: list[int] = []
    if pick:
        st.caption("These look like transactions you have. Tick any that are not, and they are imported too.")
        state = st.dataframe(
            columns, alt="Rows that are already there", on_select="rerun", selection_mode="multi-row", **settings
        )
        ticked = list(state.selection.rows)
    else:
        st.dataframe(columns, alt="Rows that would be added", **settings)
    if len(rows) > len(shown):
        st.caption(f"The first {formats.number(len(shown))} of {formats.number(len(rows))}.")
    return ticked


def layout_form(file: UploadedFile, layout: CsvLayout) -> None:
    """Show how a CSV file was read, and let the person correct it; the account remembers it after the import."""
    names = [clean(cell) or f"Column {at + 1}" for at, cell in enumerate(layout.header)] or [
        f"Column {at + 1}" for at in range(layout.width)
    ]
    places = list(range(max(len(names), layout.width, layout.date + 1)))
    names += [f"Column {at + 1}" for at in places[len(names) :]]

    def column(where: DeltaGenerator, label: str, at: int | None, *, needed: bool = False) -> int | None:
        choice: int | None = where.selectbox(
            label,
            places if needed else [None, *places],
            index=at if needed and at is not None else (0 if at is None else at + 1),
            format_func=lambda one: "–" if one is None else names[one],
            key=part_key(file, 0, f"column_{label}"),
        )
        return choice

    order = "day first" if layout.day_first else "month first"
    with (
        st.expander(f"How it is read: {order} in dates, “{layout.decimal_mark}” in amounts", icon=":material/tune:"),
        st.form(part_key(file, 0, "reading"), border=False),
    ):
        first, second, third = st.columns(3)
        day_first = first.selectbox(
            "Dates such as 03/04/2026",
            [False, True],
            index=int(layout.day_first),
            format_func={False: "Month first", True: "Day first"}.__getitem__,
            key=part_key(file, 0, "day_first"),
        )
        mark = second.selectbox(
            "Decimal mark", [".", ","], index=int(layout.decimal_mark == ","), key=part_key(file, 0, "mark")
        )
        sign = third.selectbox(
            "Sign of amounts",
            list(SIGNS),
            index=list(SIGNS).index(layout.sign),
            format_func=SIGNS.__getitem__,
            key=part_key(file, 0, "sign"),
        )
        when = column(first, "Date", layout.date, needed=True)
        amount = column(second, "Amount", layout.amount)
        name = column(third, "Name", layout.name)
        outflow = column(first, "Money out", layout.outflow)
        inflow = column(second, "Money in", layout.inflow)
        balance = column(third, "Balance", layout.balance)
        direction = column(first, "Direction", layout.direction)
        if st.form_submit_button("Read it like this", icon=":material/refresh:"):
            corrected = msgspec.structs.replace(
                layout,
                day_first=day_first,
                decimal_mark=mark,
                sign=sign,
                date=when if when is not None else layout.date,
                amount=amount,
                name=name,
                outflow=outflow,
                inflow=inflow,
                balance=balance,
                direction=direction,
            )
            st.session_state[part_key(file, 0, "layout")] = corrected.to_json()
            st.rerun(scope="fragment")
    if part_key(file, 0, "layout") in st.session_state:
        st.button(
            "Read it by itself again",
            type="tertiary",
            icon=":material/undo:",
            key=part_key(file, 0, "forget"),
            on_click=st.session_state.pop,
            args=(part_key(file, 0, "layout"), None),
        )


def import_button(
    guest: Visitor, file: UploadedFile, intake: FileIntake, keep: frozenset[str], formats: Formats
) -> None:
    """Take the file in when the person says so."""
    new = sum(one.new for one in intake.previews)
    count = new + len(keep)
    label = f"Import {formats.number(count)} {'transaction' if count == 1 else 'transactions'}"
    if not count:
        st.caption("Everything in this file is here already. There is nothing to import.")
        return
    if st.button(label, type="primary", icon=":material/download_done:", key=part_key(file, 0, "import")):
        with st.spinner("Importing"):
            results = take_in(guest.house.store, guest.user, intake, keep)
        st.session_state.setdefault(DONE, []).extend(
            (clean(file.name), preview.account, result)
            for preview, result in zip(intake.previews, results, strict=True)
        )
        st.session_state.setdefault(TAKEN, set()).add(file.file_id)
        st.rerun()


def undo(batch: int) -> None:
    """Take an import back, and say how much left."""
    guest = require_user()
    with failures_told():
        left = undo_import(guest.house.store, guest.user, batch)
        st.session_state[DONE] = [one for one in st.session_state.get(DONE, []) if one[2].batch_id != batch]
        st.toast(f"Taken back: {left:,} transactions are gone again.", icon=":material/undo:")


def results(formats: Formats) -> None:
    """Say what was just imported, with the way back."""
    for filename, account, result in st.session_state.get(DONE, []):
        with (
            st.container(border=True),
            st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"),
        ):
            st.markdown(
                f":green[:material/check_circle:] **{plain_text(filename)}** into {plain_text(account)}: "
                f"{formats.number(result.new)} new, {formats.number(result.duplicates)} already there",
                width="stretch",
            )
            page_link(Link("See them", links.TRANSACTIONS, {"account": str(result.account_id)}))
            st.button(
                "Undo",
                icon=":material/undo:",
                key=f"undo_done_{result.batch_id}",
                on_click=undo,
                args=(result.batch_id,),
            )


def past_imports(batches: Sequence[BatchEntry], formats: Formats) -> None:
    """Draw the newest imports, each with its way back."""
    st.subheader("Past imports", anchor=False)
    if not batches:
        st.caption("Every file that was imported is listed here, and can be taken back.")
        return
    with st.container(border=True, gap="xsmall"):
        for one in batches:
            words = (
                f"{one.format.upper()} into {one.account} · {formats.number(one.new)} new, "
                f"{formats.number(one.duplicates)} already there · {formats.moment(one.created_at)}"
            )
            with st.container(horizontal=True, vertical_alignment="center", wrap=False):
                st.markdown(
                    f"{plain_text(one.filename)}  \n:small[:gray[{plain_text(words)}]]",
                    width="stretch",
                )
                if one.undone_at is None:
                    st.button(
                        "Undo",
                        icon=":material/undo:",
                        key=f"undo_{one.id}",
                        type="tertiary",
                        on_click=undo,
                        args=(one.id,),
                    )
                else:
                    st.markdown(":gray-badge[Undone]", width="content")


visitor = require_user()
ways = formats_of(visitor.profile)
st.title("Import", anchor=False)
st.caption("OFX, QFX, QIF, CAMT, MT940 and CSV files, as banks offer them. You see what is in one first.")
uploaded = st.file_uploader(
    "Bank files", type=KINDS, accept_multiple_files=True, key="import_files", label_visibility="collapsed"
)
results(ways)
taken = st.session_state.get(TAKEN, set())
for one_file in uploaded:
    if one_file.file_id not in taken:
        file_card(one_file, ways)
with failures_told():
    past_imports(list_imports(visitor.house.store, visitor.user, PAST), ways)
