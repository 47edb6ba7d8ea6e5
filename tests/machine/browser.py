"""A real Chromium for the tests: the machine's, else Playwright's own, else Debian's package.

`python -m tests.machine.browser` installs one where there is none yet.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Error, sync_playwright

SHELL: Final = "chromium-headless-shell"
"""Chromium without windows, tabs and menus: the same engine, with a fifth less to compute."""
NAMES: Final = (SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC: Final = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
INSTALL_SECONDS: Final = 600
FLAGS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    # Without a screen every frame is painted by the processor: what moves for show costs a good part of a page.
    "--force-prefers-reduced-motion",
    "--no-first-run",
    # Chromium's own sandbox refuses to run as root, as CI does; the pages are ours.
    *(("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
)
"""Nothing but the pages under test: no calls home."""
SHORT_LIVED: Final = "--js-flags=--always-sparkplug --no-maglev --no-turbofan"
"""Machine code at once and never a better one: a page of a test is gone before optimising its scripts pays."""
STILL: Final = """{
    const still = new CSSStyleSheet();
    still.replaceSync("*, *::before, *::after { animation: none !important; transition: none !important }");
    document.adoptedStyleSheets.push(still);
}"""
"""A script for pages in which nothing moves: each frame of a spinner is painted by the processor."""


def find() -> str:
    """Return the path of a Chromium, "" when there is none. `CHROMIUM` names one before all others."""
    chosen = os.environ.get("CHROMIUM", "")
    known = [shutil.which(chosen) if chosen else None, *map(shutil.which, NAMES), str(MAC)]
    return next((path for path in known if path and Path(path).is_file()), "") or _playwrights_own()


def _playwrights_own() -> str:
    try:
        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Error:
        return ""
    return path if Path(path).is_file() else ""


def install() -> str:
    """Return the path of a Chromium, fetching one where there is none; "" when that can't be done."""
    return find() or _fetch()


def _fetch() -> str:
    apt = shutil.which("apt-get") if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    ways = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    if apt:
        ways.append([[apt, "-q", "update"], [apt, "-q", "install", "-y", "--no-install-recommends", SHELL]])
    for commands in ways:
        for command in commands:
            print(f"Fetching a Chromium for the tests: {' '.join(command)}", flush=True)
            try:
                subprocess.run(command, check=True, timeout=INSTALL_SECONDS)
            except (subprocess.SubprocessError, OSError):
                break
        if found := find():
            return found
    return ""


if __name__ == "__main__" and not install():
    print("There is no Chromium and none can be fetched: the browser tests are skipped until you install one.")
