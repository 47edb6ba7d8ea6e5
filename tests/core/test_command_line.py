"""`python -m core …` as a person types it: what it prints, what it leaves behind, and one sentence when it can't."""

import json
import stat
from pathlib import Path
from zipfile import ZipFile

import pytest

from core import clock
from core.config import Settings
from core.runtime import open_runtime
from core.store import UserId
from tests.core.shell import Shell
from tests.standins.plaid import Fault, PlaidStandIn, default_item, fill

PASSWORD = "seven otters juggle lanterns"
ADA = "ada@example.org"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(tmp_path / "data")
    made.told("user", "add", "--email", ADA, "--password", PASSWORD, "--first-name", "Ada")
    return made


def test_users_are_added_once_and_with_good_passwords(shell: Shell) -> None:
    assert "There is a user" in shell.refused("user", "add", "--email", ADA, "--password", PASSWORD)
    assert "15" in shell.refused("user", "add", "--email", "bob@example.org", "--password", "short")
    assert "e-mail" in shell.refused("user", "add", "--email", "bob", "--password", PASSWORD)
    assert "There is no user" in shell.refused("demo", "--user", "nobody@example.org")


def test_the_demo_syncs_is_looked_through_rebuilds_and_is_found_healthy(shell: Shell) -> None:
    began = clock.today("UTC")
    assert "demo banks" in shell.told("demo", "--user", ADA)
    banks = shell.json("sync", "--user", ADA)
    if clock.today("UTC") != began:  # a new day brings something new, once
        banks = shell.json("sync", "--user", ADA)
    assert [(one["added"], one["error"]) for one in banks] == [(0, None)] * 3
    noticed = shell.json("insights", "--user", ADA)
    assert noticed["new"] == len(noticed["insights"])
    assert "savings_opportunity" in {one["kind"] for one in noticed["insights"]}
    assert shell.json("insights", "--user", ADA)["new"] == 0
    assert "You pay for 2 music services: " in shell.told("insights", "--user", ADA)
    assert "transactions in" in shell.told("rebuild-cache")
    findings = shell.json("doctor")
    assert findings
    assert all(one["ok"] for one in findings), findings


def test_a_question_in_sql_is_answered_or_refused_in_a_sentence(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "march.csv"
    path.write_text("Date,Description,Amount\n2026-03-01,Shop,-12.50\n2026-03-02,Salary,1000.00\n", "utf-8")
    shell.told("import", str(path), "--user", ADA, "--account", "Everyday")
    told = shell.json(
        "query", "--user", ADA, "SELECT date, sum(amount) AS amount FROM transactions GROUP BY ALL ORDER BY 1"
    )
    assert told.pop("seconds") < 10
    assert told == {
        "columns": ["date", "amount"],
        "rows": [["2026-03-01", "-12.50"], ["2026-03-02", "1000.00"]],
        "truncated": False,
    }
    assert shell.told("query", "--user", ADA, "SELECT name, amount FROM transactions ORDER BY 1") == (
        "name\tamount\nSalary\t1000.00\nShop\t-12.50\n"
    )
    assert "Line 1, column 15" in shell.refused("query", "--user", ADA, "SELECT * FROM '/etc/passwd'", "--json")
    assert "no user" in shell.refused("query", "--user", "nobody@example.org", "SELECT 1")
    # DuckDB quotes the value, which may be a name from a bank.
    assert "\x1b" not in shell.refused("query", "--user", ADA, "SELECT CAST('\x1b[2J' AS INTEGER) FROM accounts")


def test_a_file_is_tried_imported_and_not_imported_twice(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "march.csv"
    path.write_text("Date,Description,Amount\n2026-03-01,Shop,-12.50\n2026-03-02,Salary,1000.00\n", "utf-8")
    command = ("import", str(path), "--user", ADA, "--account", "Everyday")
    expected = {
        "format": "csv",
        "accounts": [
            {
                "account": "Everyday", "currency": "USD", "rows": 2, "new": 2, "duplicates": 0,
                "first_date": "2026-03-01", "last_date": "2026-03-02", "sum": "987.50", "ledger_balance": None,
            }
        ],
        "problems": [],
    }  # fmt: skip
    assert shell.json(*command, "--dry-run") == expected
    assert shell.json(*command, "--dry-run") == expected, "a dry run wrote something"
    assert shell.json(*command) == expected
    (again,) = shell.json(*command)["accounts"]
    assert (again["new"], again["duplicates"]) == (0, 2)
    assert "0 new, 2 there already" in shell.told(*command)


def test_what_cant_be_imported_is_said_in_a_sentence(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "march.csv"
    path.write_text("Date,Description,Amount\n2026-03-01,Shop,-12.50\n2026-02-31,Shop,1.00\n", "utf-8")
    command = ("--user", ADA, "--account", "Everyday")
    assert "Line 3" in shell.refused("import", str(path), *command)
    assert "can't be read" in shell.refused("import", str(tmp_path / "none.csv"), *command)
    assert "can't be read" in shell.refused("import", str(tmp_path), *command)
    house = open_runtime(Settings(fintrack_data_dir=shell.folder))
    assert house.caches.of(UserId(1)).refresh().rows == 0
    house.close()


def test_a_bank_is_linked_and_synced_through_plaid(shell: Shell, plaid: PlaidStandIn, shared: Path) -> None:
    shell.environment |= plaid.environment
    path = shared / "plaid" / "custom_users" / "transactions_business_account.json"
    told = json.loads(path.read_text("utf-8"))["override_accounts"]
    rows = sum(len(one.get("transactions", [])) for one in told)
    (linked,) = shell.json("link", "--sandbox", "--user", ADA, "--custom-user", str(path))
    assert (linked["added"], linked["error"]) == (rows, None)
    (synced,) = shell.json("sync", "--user", ADA)
    assert (synced["added"], synced["modified"], synced["error"]) == (0, 0, None)
    plaid.fail("/transactions/sync", *[Fault("ITEM_LOGIN_REQUIRED")])
    done = shell.run("sync", "--user", ADA)
    assert done.returncode != 0
    assert "sign" in done.stdout.casefold() or "log" in done.stdout.casefold()
    assert "Traceback" not in done.stderr


def test_without_keys_linking_says_which_are_missing(shell: Shell) -> None:
    assert "PLAID_CLIENT_ID" in shell.refused("link", "--sandbox", "--user", ADA)


def test_a_wrong_setting_is_named(shell: Shell) -> None:
    shell.environment["PLAID_ENV"] = "moon"
    assert "PLAID_ENV" in shell.refused("doctor")


def test_a_folder_that_cant_be_made_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", "utf-8")
    assert str(blocked) in Shell(blocked / "data").refused("doctor")


def test_a_damaged_store_is_told_of_and_left_as_it_is(shell: Shell) -> None:
    path = shell.folder / "fintrack.db"
    for log in shell.folder.glob("fintrack.db-*"):
        log.unlink()
    path.write_bytes(b"scribbled over" * 1000)
    sentence = shell.refused("doctor")
    assert "backup" in sentence
    assert path.read_bytes() == b"scribbled over" * 1000


def test_a_first_sync_of_a_large_bank_needs_no_second(shell: Shell, plaid: PlaidStandIn) -> None:
    shell.environment |= plaid.environment
    plaid.next_item = default_item("ins_109508")
    fill(plaid.next_item, 1200)
    (linked,) = shell.json("link", "--sandbox", "--user", ADA)
    assert linked["added"] >= 1200


def test_everything_is_exported_and_then_deleted(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "ada.zip"
    made = shell.json("export", "--user", ADA, "--to", str(path))
    assert made["bytes"] == path.stat().st_size
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with ZipFile(path) as archive:
        assert made["files"] == len(archive.namelist())
        assert ADA in archive.read("tables/users.csv").decode()
    assert f"to {path}" in shell.told("export", "--user", ADA, "--to", str(path))
    assert "can't be written" in shell.refused("export", "--user", ADA, "--to", str(tmp_path / "none" / "ada.zip"))
    assert "no user" in shell.refused("export", "--user", "nobody@example.org", "--to", str(path))

    assert "--yes" in shell.refused("user", "delete", "--email", ADA)
    assert "is deleted" in shell.told("user", "delete", "--email", ADA, "--yes")
    assert "no user" in shell.refused("user", "delete", "--email", ADA, "--yes")


def test_a_user_whose_bank_cant_be_told_is_deleted_only_knowingly(shell: Shell, plaid: PlaidStandIn) -> None:
    shell.environment |= plaid.environment
    shell.json("link", "--sandbox", "--user", ADA)
    plaid.fail("/item/remove", Fault("INVALID_API_KEYS"))
    assert "could not be told" in shell.refused("user", "delete", "--email", ADA, "--yes")
    plaid.fail("/item/remove", Fault("INVALID_API_KEYS"))
    told = shell.told("user", "delete", "--email", ADA, "--yes", "--even-unrevoked")
    assert "is deleted" in told
    assert "Plaid's dashboard" in told
