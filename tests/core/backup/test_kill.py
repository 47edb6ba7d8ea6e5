"""A restore killed at any moment (SIGKILL): the old store or the restored one is there, whole and with its keys."""

import json
import shutil
import sys
import time
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen

import pytest

from core.config import ROOT, Settings
from core.identity import add_user, check_credentials
from core.runtime import open_runtime
from core.store import Item
from tests.core.backup.houses import (
    ADA,
    PASSPHRASE,
    PASSWORD,
    TOKEN,
    backed_up,
    contents,
    fill,
    house_in,
    settings_of,
)

pytestmark = pytest.mark.usefixtures("quick_hashes")

RANDOM = Random(20_261_126)
KILLS = 4


@pytest.fixture(autouse=True)
def _own_key_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


class Case:
    """A data folder, as it is before and as it is after."""

    def __init__(self, folder: Path, url: str) -> None:
        other = house_in(folder / "other")
        fill(other)
        self.after = (contents(other.store), other.vault.keys.root)
        self.file = backed_up(other, folder / "moved.ftb").file
        other.close()
        self.folder, self.url, self.pristine = folder / "data", url, folder / "pristine"
        house = house_in(self.folder, url=url)
        fill(house)
        add_user(house.store, house.vault, "bob@example.org", PASSWORD)
        self.before = (contents(house.store), house.vault.keys.root)
        self.old = backed_up(house, folder / "old.ftb").file
        house.close()
        shutil.copytree(self.folder, self.pristine)

    @property
    def settings(self) -> Settings:
        return settings_of(self.folder, url=self.url)

    def is_restored(self) -> bool:
        """Open the house; tell whether it is the restored one, and see that it is one of the two, whole."""
        house = open_runtime(self.settings)
        found = (contents(house.store), house.vault.keys.root)
        assert found in (self.before, self.after)
        assert check_credentials(house.store, house.vault, ADA, PASSWORD) == 1
        with house.store.read() as session:
            item = session.query(Item).filter_by(provider="plaid").one()
            assert house.vault.open(item.sealed_token, f"item:{item.id}") == TOKEN
        house.close()
        left = [path.name for path in self.folder.iterdir() if "next" in path.name]
        assert left == []
        return found == self.after

    def reset(self) -> None:
        if self.url:
            from core.backup import restore

            restore(self.settings, self.old, PASSPHRASE, over=True)
        else:
            shutil.rmtree(self.folder)
            shutil.copytree(self.pristine, self.folder)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_restore_killed_anywhere_leaves_the_old_or_the_new(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    case = Case(tmp_path, request.getfixturevalue("postgres_url") if kind == "postgresql" else "")
    with Popen([sys.executable, "-m", "tests.core.backup.victim"], cwd=ROOT, stdin=PIPE, stdout=PIPE) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None

        def ended(step: int, seconds: float = -1) -> int:
            order = [str(case.folder), case.url, str(case.file), step, seconds]
            nursery.stdin.write(json.dumps(order).encode() + b"\n")  # type: ignore[union-attr]
            nursery.stdin.flush()  # type: ignore[union-attr]
            return int(nursery.stdout.readline())  # type: ignore[union-attr]

        outcomes = []
        step, start = 1, time.perf_counter()
        while ended(step) != 0:
            outcomes.append(case.is_restored())
            case.reset()
            step, start = step + 1, time.perf_counter()
        seconds = time.perf_counter() - start
        assert case.is_restored()
        # Once it is decided, it stays so; the steps that were tried lie before and after.
        assert outcomes == sorted(outcomes)
        assert set(outcomes) == {False, True}
        for _ in range(KILLS):
            case.reset()
            ended(0, RANDOM.uniform(0.3, 1) * seconds)
            case.is_restored()
        nursery.stdin.close()
