"""Bank files: look at what is in them, take them in, and take them back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, get_args

import streamlit as st
from streamlit.typing import UploadedFile

from core.errors import FinTrackError, ImportFileError
from core.importing import CsvLayout, FileIntake, guessed_layout, take_in
from core.ledger import (
    AccountEntry,
    AccountType,
    BatchEntry,
    NewAccount,
    Target,
    checked_account,
    list_accounts,
    list_imports,
    undo_import,
)
from core.money import is_currency_code
from pages.files.keys import part_key
from pages.files.layout import layout_form
from pages.files.looking import judged_for, keep_only, looked_at, telling
from pages.files.preview import preview_card
from pages.files.under_way import (
    Finished,
    UnderWayError,
    being_written,
    file_under_way,
    is_finished,
    keep_finished,
    still_written,
    take_finished,
)
from pages.shared import links
from pages.shared.errors import failures_told, show_failure
from pages.shared.formats import CURRENCIES, Formats, clean, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.links import Link, page_link

KINDS: Final = ["ofx", "qfx", "qbo", "qif", "csv", "txt", "xml", "sta", "mt940", "940", "942"]
# Stands among the accounts for one to be made.
NEW: Final = 0
PAST: Final = 20
DONE: Final = "import_done"
FAILED: Final = "import_failed"
# The uploaded files that were imported: their cards are gone while the uploader still lists them.
TAKEN: Final = "import_taken"


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
            currency = chosen_currency(file, accounts, guest.profile.currency)
            intake = read_or_ask(guest, file, chosen_layout(file, accounts), currency, formats)
            if intake is None:
                return
            for problem in intake.problems:
                st.warning(plain_text(problem), icon=":material/warning:")
            if intake.layout is not None:
                layout_form(file, intake.layout, currency)
            intake = aimed(guest, file, intake, accounts)
            keep: set[str] = set()
            for at, preview in enumerate(intake.previews):
                keep |= preview_card(file, at, preview, intake, accounts, formats)
            import_button(guest, file, intake, frozenset(keep), formats)


def read_or_ask(
    guest: Visitor, file: UploadedFile, layout: CsvLayout | None, currency: str, formats: Formats
) -> FileIntake | None:
    """Return what is in a file; where it can't be read, say why and, for a table, let the person say how."""
    try:
        return looked_at(guest, file, layout, currency, formats)
    except ImportFileError as failure:
        show_failure(failure)
        guess = layout or guessed_layout(file.getvalue(), currency=currency)
        if guess is not None:
            layout_form(file, guess, currency, failed=True)
        return None


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
    previews = judged_for(guest, file, intake, targets)
    return replace(intake, targets=tuple(targets), previews=previews)


def import_button(
    guest: Visitor, file: UploadedFile, intake: FileIntake, keep: frozenset[str], formats: Formats
) -> None:
    """Take the file in when the person says so."""
    # What a first click brought, whose run a second one ended, is told by the whole screen.
    if is_finished(guest.user):
        st.rerun()
    count = sum(one.new for one in intake.previews) + len(keep)
    label = f"Import {formats.number(count)} {'transaction' if count == 1 else 'transactions'}"
    if not count:
        st.caption("Everything in this file is here already. There is nothing to import.")
        if not any(one.likely or one.ledger_balance is not None for one in intake.previews):
            return
        label = "Remember it all the same"
    if st.button(
        label,
        type="primary" if count else "secondary",
        icon=":material/download_done:",
        key=part_key(file, 0, "import"),
        help=None if count else "Its balance can be reconciled then, and its rows are not asked about again.",
    ):
        # What came of it waits for the next run: its person may have left the screen meanwhile, which ends this one.
        over = partial(Finished, guest.profile.email, file.file_id, clean(file.name))

        def failed(why: FinTrackError) -> None:
            # Without its traceback, which would keep the whole file.
            keep_finished(guest.user, over(failure=FinTrackError(why.sentence, why.hint)))

        try:
            with (
                being_written(guest.user, clean(file.name)),
                st.spinner("Importing"),
                telling(file.size, formats, to_the_end=True) as progress,
                # Innermost: where its person has left, whatever is drawn at an end hides why it failed.
                failures_told(failed),
            ):
                results = take_in(guest.house.store, guest.user, intake, keep, progress)
                accounts = [preview.account for preview in intake.previews]
                keep_finished(guest.user, over(list(zip(accounts, results, strict=True))))
        except UnderWayError:
            still_written()
            return
        st.rerun()


def note_finished(guest: Visitor) -> None:
    """Take over what came of imports, of this run or of one whose person left the screen before its end."""
    for one in take_finished(guest.user):
        if one.email != guest.profile.email:
            continue
        if one.failure is not None:
            sentence = f"{one.filename} could not be taken in. {one.failure.sentence}"
            st.session_state.setdefault(FAILED, []).append(FinTrackError(sentence, one.failure.hint))
            continue
        st.session_state.setdefault(DONE, []).extend((one.filename, *result) for result in one.results)
        st.session_state.setdefault(TAKEN, set()).add(one.file_id)


def failed_ones() -> None:
    """Say once why files could not be taken in."""
    for failure in st.session_state.get(FAILED, ()):
        show_failure(failure)
    # Who leaves in the middle of a run has seen nothing of it.
    st.session_state.pop(FAILED, None)


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
note_finished(visitor)
failed_ones()
results(ways)
if file_under_way(visitor.user):
    still_written()
taken = st.session_state.get(TAKEN, set())
waiting = [one for one in uploaded if one.file_id not in taken]
keep_only(waiting)
for one_file in waiting:
    file_card(one_file, ways)
with failures_told():
    past_imports(list_imports(visitor.house.store, visitor.user, PAST), ways)
