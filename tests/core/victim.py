"""A process to be killed: says "ready", syncs an item or imports a file, says "kept", brings the cache up to date.

Arguments: data folder, "sync" or "import", user id, address of the Plaid stand-in or path of the file.
"""

import sys
from pathlib import Path

from pydantic import SecretStr

from core.banking import sync_all
from core.config import Settings
from core.importing import look_at_file, take_in
from core.runtime import open_runtime
from core.store import UserId
from tests.standins.plaid import CLIENT_ID, SECRET


def main() -> None:
    """Do the work once."""
    folder, work, user, source = sys.argv[1:]
    settings = Settings(
        fintrack_data_dir=Path(folder),
        plaid_client_id=CLIENT_ID,
        plaid_secret=SecretStr(SECRET),
        plaid_base_url=source if work == "sync" else "",
    )
    house = open_runtime(settings)
    owner = UserId(int(user))
    house.providers  # noqa: B018 - what only reads is done before the clock of the killer starts
    if work == "import":
        path = Path(source)
        intake = look_at_file(house.store, owner, path.read_bytes(), path.name, account="Imported")
    print("ready", flush=True)
    if work == "sync":
        (result,) = sync_all(house.store, house.vault, house.providers, owner)
        if result.error:
            sys.exit(result.error)
    else:
        take_in(house.store, owner, intake)
    print("kept", flush=True)
    house.caches.of(owner).refresh()
    house.close()


if __name__ == "__main__":
    main()
