"""Start FinTrack for this machine alone: `python -m scripts.serve [PORT]`, by itself on 8501 or the next free."""

import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from core.runtime import Runtime
    from core.vault import Ask

ROOT: Final = Path(__file__).resolve().parent.parent
ADDRESS: Final = "127.0.0.1"
FIRST_PORT: Final = 8501
PORTS_TRIED: Final = 50
LAST_PORT: Final = 65535


def is_free(port: int) -> bool:
    """Tell whether nobody answers on a loopback port and it can be taken."""
    with socket.socket() as caller:
        caller.settimeout(1)
        if caller.connect_ex((ADDRESS, port)) == 0:
            return False
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taker.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def choose_port(wish: str) -> int:
    """Return the port to serve on.

    Raises:
        SystemExit: the wish is no port, or is taken; with a sentence.
    """
    if not wish:
        ports = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
        free = next((port for port in ports if is_free(port)), None)
        if free is None:
            sys.exit(f"Ports {ports[0]} to {ports[-1]} are all taken: choose another with PORT=9000.")
        return free
    if not (wish.isascii() and wish.isdigit() and 1 <= int(wish) <= LAST_PORT):
        sys.exit(f"PORT={wish} is not a port: it is a number from 1 to {LAST_PORT}.")
    if not is_free(int(wish)):
        sys.exit(f"Port {wish} is taken: stop what uses it, or choose another with PORT=.")
    return int(wish)


def announce(port: int) -> None:
    """Print the address as soon as somebody answers there."""
    while is_free(port):
        time.sleep(0.05)
    print(f"FinTrack: http://{ADDRESS}:{port}   (Ctrl+C stops it)", flush=True)


def ask_at_the_terminal() -> "Ask | None":
    """Return what asks for a passphrase without showing it, None when nobody is there to answer."""
    if not (sys.stdin and sys.stdin.isatty()):
        return None
    from getpass import getpass

    return lambda sentence: getpass(f"{sentence}: ")


def tell_of_keys(house: "Runtime") -> None:
    """Say once what the person has to write down or to know, at the first start and when a store was encrypted."""
    if house.unencrypted is not None:
        print(
            f"The store is encrypted now. {house.unencrypted} is a copy of it that anybody can read: "
            "delete it once you are satisfied.",
            flush=True,
        )
    if house.vault.keys.recovery:
        return
    if not sys.stdout.isatty():
        # What is not a terminal is a log, and would lie beside the data for ever.
        print("There is no recovery key yet. Make one: python -m core user recovery-key", flush=True)
        return
    print(
        "Write this down and keep it apart from this machine. It opens your data when the key is lost:\n\n"
        f"    {house.opener.new_recovery_key()}\n\n"
        "It is shown this once; `python -m core user recovery-key` makes another.\n",
        flush=True,
    )


def main() -> None:
    """Open the house, or tell in a sentence why it can't be opened; then serve it until stopped."""
    port = choose_port(sys.argv[1] if len(sys.argv) > 1 else "")
    os.chdir(ROOT)
    from click import Abort

    from core.errors import FinTrackError
    from core.runtime import runtime

    try:
        house = runtime(ask_at_the_terminal())
        tell_of_keys(house)
    except FinTrackError as failure:
        sys.exit(str(failure))

    from streamlit.web.cli import main as streamlit

    settings = {
        "server.address": ADDRESS,
        "server.port": str(port),
        # Headless: no question for an e-mail address at the first start, no browser opened by itself.
        "server.headless": "true",
        "browser.serverAddress": ADDRESS,
        "browser.gatherUsageStats": "false",
        "logger.hideWelcomeMessage": "true",
    }
    threading.Thread(target=announce, args=(port,), daemon=True).start()
    flags = [f"--{name}={value}" for name, value in settings.items()]
    # Ctrl+C is how it is meant to end: no complaint.
    with suppress(KeyboardInterrupt, Abort):
        streamlit(["run", "streamlit_app.py", *flags], standalone_mode=False)


if __name__ == "__main__":
    main()
