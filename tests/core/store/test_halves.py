"""Files that are written whole: what is being written is never taken for what somebody killed left behind."""

import threading
from pathlib import Path

from core.store import sweep_halves, write_private


def test_what_is_being_written_is_not_swept(tmp_path: Path) -> None:
    done = threading.Event()

    def sweep() -> None:
        while not done.is_set():
            sweep_halves(tmp_path, r"keyring\.json")

    sweepers = [threading.Thread(target=sweep) for _ in range(4)]
    for one in sweepers:
        one.start()
    try:
        for number in range(1500):
            write_private(tmp_path / "keyring.json", b"%d" % number)
    finally:
        done.set()
        for one in sweepers:
            one.join()
    assert (tmp_path / "keyring.json").read_bytes() == b"1499"
    assert [path.name for path in tmp_path.iterdir()] == ["keyring.json"]


def test_what_somebody_killed_left_is_swept(tmp_path: Path) -> None:
    half, other = tmp_path / ".keyring.json.0123abcd.part", tmp_path / ".notes.txt.0123abcd.part"
    half.touch()
    other.touch()
    sweep_halves(tmp_path, r"keyring\.json")
    assert [path.name for path in tmp_path.iterdir()] == [other.name]
