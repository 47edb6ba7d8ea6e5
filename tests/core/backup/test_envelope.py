"""The file around a backup: it opens whole and as it was written, with its passphrase, or not at all."""

import secrets
from pathlib import Path
from random import Random

import pytest

from core.backup.envelope import CHUNK, FORMAT, MAGIC, TAG, Envelope, Sealer
from core.errors import BackupError
from core.vault import Stretching

RANDOM = Random(20_261_126)
SENTENCE = "no FinTrack backup|newer FinTrack|does not open|damaged"


def sealed(path: Path, *pieces: bytes, passphrase: str = "right") -> bytes:
    with path.open("wb") as file:
        # Cheap, for so many files.
        sealer = Sealer(file, passphrase, Stretching(memory_kib=8 * 1024, iterations=1, lanes=1))
        for piece in pieces:
            sealer.write(piece)
        sealer.end()
    return path.read_bytes()


def opened(path: Path, passphrase: str = "right") -> bytes:
    return b"".join(Envelope(path, passphrase).chunks())


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_opens_whatever_its_size(tmp_path: Path, size: int) -> None:
    data = secrets.token_bytes(size)
    sealed(tmp_path / "file", data[: size // 3], data[size // 3 :])
    assert opened(tmp_path / "file") == data


def test_each_file_has_a_key_of_its_own(tmp_path: Path) -> None:
    stretched = Stretching()
    assert (stretched.memory_kib, stretched.iterations, stretched.lanes) == (64 * 1024, 3, 4)
    assert Stretching().salt != stretched.salt


def test_a_byte_changed_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    whole = sealed(path, secrets.token_bytes(2 * CHUNK + 500))
    head = len(whole) - 2 * CHUNK - 500 - 3 * TAG
    places = [
        *range(head + 20),
        *range(len(whole) - 20, len(whole)),
        *(RANDOM.randrange(len(whole)) for _ in range(180)),
    ]
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 << RANDOM.randrange(8)
        path.write_bytes(changed)
        with pytest.raises(BackupError, match=SENTENCE):
            opened(path)
    assert len(places) > 300


def test_a_cut_a_lengthened_and_a_reordered_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    whole = sealed(path, secrets.token_bytes(3 * CHUNK))
    each = CHUNK + TAG
    head = len(whole) - 3 * each
    other = sealed(path, secrets.token_bytes(3 * CHUNK))
    parts = [whole[head + each * number : head + each * (number + 1)] for number in range(3)]
    harmed = [
        *(whole[:length] for length in (0, 1, len(MAGIC), len(MAGIC) + 3, head - 1)),
        *(whole[: head + each * number] for number in range(3)),
        *(whole[: RANDOM.randrange(len(whole))] for _ in range(60)),
        whole[:-1], whole + b"\0", whole + parts[2], whole + whole,
        whole[:head] + parts[1] + parts[0] + parts[2],
        whole[:head] + parts[0] + parts[2],
        whole[:head] + parts[0] + parts[1] + parts[1],
        whole[:head] + other[head:],
    ]  # fmt: skip
    for content in harmed:
        path.write_bytes(content)
        with pytest.raises(BackupError, match=SENTENCE):
            opened(path)


def test_another_passphrase_can_not_be_told_from_damage(tmp_path: Path) -> None:
    path = tmp_path / "file"
    whole = sealed(path, b"something")
    with pytest.raises(BackupError, match="another passphrase, or the file was changed") as wrong:
        opened(path, "wrong")
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BackupError) as changed:
        opened(path)
    assert str(wrong.value) == str(changed.value)


def test_an_accent_may_be_typed_in_either_way(tmp_path: Path) -> None:
    sealed(tmp_path / "file", b"something", passphrase="caf\u00e9")
    assert opened(tmp_path / "file", "cafe\u0301") == b"something"


def test_foreign_and_newer_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"", b"PK\x03\x04", b"SQLite format 3\0" * 100):
        path.write_bytes(content)
        with pytest.raises(BackupError, match="no FinTrack backup"):
            opened(path)
    path.write_bytes(MAGIC + (FORMAT + 1).to_bytes(2) + b"whatever comes then")
    with pytest.raises(BackupError, match="newer FinTrack"):
        opened(path)
    for missing in (tmp_path / "none", tmp_path):
        with pytest.raises(BackupError, match="can't be read"):
            opened(missing)
