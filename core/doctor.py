"""Whether the house is in order: what `python -m core doctor` and the settings page tell."""

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import func, or_, select, text

from core import clock
from core.backup import last_backup
from core.cache import verify
from core.identity import all_users
from core.runtime import Runtime
from core.store import Account, Item, User, kind_of
from core.vault import METHODS, kept_in

LEAST_FREE: Final = 500 * 1024 * 1024
"""Bytes of disk below which the doctor warns: a backup and a cache need room."""
OLDEST_BACKUP: Final = 30
"""Days without a backup after which the doctor warns."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check, with what to do when it failed."""

    check: str
    ok: bool
    sentence: str


def examine(house: Runtime) -> tuple[Finding, ...]:
    """Run every check; nothing is changed but caches that are behind, which catch up."""
    return (
        _store(house),
        _encryption(house),
        *_caches(house),
        _backup(house),
        _private(house),
        _disk(house),
        _plaid(house),
    )


def _store(house: Runtime) -> Finding:
    with house.store.read() as session:
        if not house.store.is_sqlite:
            version = session.execute(text("SHOW server_version")).scalar_one()
            return Finding("store", ok=True, sentence=f"PostgreSQL {version} answers.")
        damage = session.execute(text("PRAGMA quick_check")).scalars().all()
        orphans = session.execute(text("PRAGMA foreign_key_check")).all()
    if damage != ["ok"]:
        return Finding("store", ok=False, sentence=f"The file is damaged ({damage[0]}). Restore the last backup.")
    if orphans:
        return Finding("store", ok=False, sentence=f"{len(orphans)} rows point to nothing. Restore the last backup.")
    return Finding("store", ok=True, sentence=f"{house.store.path} is whole.")


def _encryption(house: Runtime) -> Finding:
    method, file = kept_in(house.settings)
    place = f"the file {file}" if file else METHODS[method]
    if file and not file.exists():
        return Finding(
            "encryption",
            ok=False,
            sentence=f"{file} is gone: put it back, or stop and run: python -m core user recover",
        )
    if file and os.name == "posix" and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding("encryption", ok=False, sentence=f"Others can read the key. Run: chmod 600 {file}")
    if not house.store.is_sqlite:
        what = "Bank tokens and secrets are encrypted; PostgreSQL's own files are as safe as its server."
    elif house.store.key is None:
        what = "Bank tokens and secrets are encrypted, the store is not (FINTRACK_ENCRYPT=false)."
    else:
        what = "The store is encrypted."
    sentences = [what, f"The key is kept in {place}."]
    if file and file.is_relative_to(house.settings.fintrack_data_dir):
        sentences.append("That is in the data folder: who copies the folder has both.")
    if not house.vault.keys.recovery:
        sentences.append("There is no recovery key yet. Run: python -m core user recovery-key")
    plain = _plain_copies(house)
    if house.store.key is not None and plain:
        sentences.append(f"Not encrypted: {', '.join(plain)} in backups; delete what you no longer need.")
    return Finding("encryption", ok=True, sentence=" ".join(sentences))


def _plain_copies(house: Runtime) -> list[str]:
    copies = sorted(house.settings.fintrack_data_dir.glob("backups/*.db"))
    return [path.name for path in copies if kind_of(path) == "plain"]


def _caches(house: Runtime) -> list[Finding]:
    findings = []
    for user in all_users(house.store):
        differences = verify(house.caches.of(user), house.store)
        sentence = (
            "equals the store, row by row."
            if not differences
            else f"{differences[0]} Run: python -m core rebuild-cache"
        )
        findings.append(Finding(f"cache of user {user}", ok=not differences, sentence=sentence))
    return findings


def _backup(house: Runtime) -> Finding:
    """Tell when the last backup was made. Data of the demo bank alone need none."""
    with house.store.read() as session:
        since = session.scalar(
            select(func.min(Account.created_at))
            .join(User, User.id == Account.user_id)
            .outerjoin(Item, Item.id == Account.item_id)
            .where(User.is_demo.is_(False), or_(Account.item_id.is_(None), Item.provider != "demo"))
        )
    last = last_backup(house.settings.fintrack_data_dir)
    missed = since and (clock.now() - (last.at if last else since)).days > OLDEST_BACKUP
    sentence = f"The last one was made on {last.at:%Y-%m-%d}: {last.file}" if last else "None was made yet."
    return Finding("backup", ok=not missed, sentence=f"{sentence} Run: python -m core backup" if missed else sentence)


def _private(house: Runtime) -> Finding:
    open_to_others = [path.name for path in _secrets(house) if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if os.name == "posix" and open_to_others:
        return Finding(
            "privacy", ok=False, sentence=f"Others can read {', '.join(open_to_others)}. Run: chmod 600 on them."
        )
    return Finding("privacy", ok=True, sentence="Only you can read the data folder's files.")


def _secrets(house: Runtime) -> list[Path]:
    folder = house.settings.fintrack_data_dir
    kept = [folder / "keyring.json", *folder.glob("cache/*"), *folder.glob("backups/*")]
    if house.store.is_sqlite:
        kept += [house.store.path, house.store.path.with_name(house.store.path.name + "-wal")]
    return [path for path in kept if path.is_file()]


def _disk(house: Runtime) -> Finding:
    free = shutil.disk_usage(house.settings.fintrack_data_dir).free
    return Finding("disk", ok=free >= LEAST_FREE, sentence=f"{free / 1024**3:.1f} GiB free.")


def _plaid(house: Runtime) -> Finding:
    if not house.settings.plaid_configured:
        return Finding("plaid", ok=True, sentence="Not set up: files and the demo bank work without it.")
    return Finding("plaid", ok=True, sentence=f"Keys are set for {house.settings.plaid_env}.")
