"""The front door: the ASGI app that `streamlit run streamlit_app.py` serves.

The screens stay in `pages/`, which is no sibling of the running script (`pages/shell/app.py`):
Streamlit would otherwise serve them to anybody before the script has run once.
"""

import gc
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime.scriptrunner import get_script_run_ctx

ROOT = Path(__file__).resolve().parent
SHELL = ROOT / "pages" / "shell" / "app.py"
STOPPING_SECONDS = 15
CACHES_WARMED = 4
YOUNG_OBJECTS = 20_000
"""How many objects are made between two searches for garbage: a screen makes some thousand that are soon gone."""
READY_SECONDS = 2.0
"""How long the server waits for its first screen to be ready before it answers: a large cache takes longer."""
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import pages  # noqa: E402 - the path above comes first
from core import logs  # noqa: E402
from core.banking import Clockwork  # noqa: E402
from core.clerk import Clerk, waiting  # noqa: E402
from core.config import settings  # noqa: E402
from core.errors import FinTrackError  # noqa: E402
from core.identity import github_of, lately_here, providers_of, today_of  # noqa: E402
from core.insights import Watch  # noqa: E402
from core.planning import gathered  # noqa: E402
from core.runtime import Runtime, runtime  # noqa: E402
from pages.door import cookie, loopback, provider  # noqa: E402
from pages.door.demo_bank import demo_bank_route  # noqa: E402
from pages.door.installing import install_route  # noqa: E402
from pages.door.ring import Ring  # noqa: E402
from pages.door.webhook import door, webhook_route  # noqa: E402
from pages.shared.typefaces import font_route  # noqa: E402
from pages.shell.turns import TURNS  # noqa: E402


def health(_request: Request) -> JSONResponse:
    """Answer whether the app is up and its store answers; more is said to nobody."""
    try:
        answers = runtime().store.answers()
    except FinTrackError:
        answers = False
    return JSONResponse({"status": "ok" if answers else "the store does not answer"}, 200 if answers else 503)


def _warm(house: Runtime, ready: threading.Event, stopping: threading.Event) -> None:
    """Import what screens need while nobody waits for it, that of the first one first; fill the caches of who may come.

    Whoever comes then finds the first screen `ready`.

    Frozen, what was imported costs a search for garbage nothing: 63 ms to 6 ms for the first screens, another 70 ms for
    all that the others and the clerk load. A cache in memory starts empty, and a large one takes seconds to fill; what
    recurs is searched for in it once, and the first screen tells of that.
    """
    import plotly.graph_objects  # noqa: F401
    import pyarrow.compute  # noqa: F401

    import pages.shared.charts
    import pages.shared.tables  # noqa: F401

    _freeze()
    for user in lately_here(house.store, CACHES_WARMED):
        if stopping.is_set():
            return
        # What can't be filled is told on the screen that asks for it.
        with suppress(FinTrackError):
            gathered(house.caches.of(user), today_of(house.store, user))
    ready.set()
    categorising = ["core.categorising"] if house.settings.fintrack_categorise else []
    # pandas loads by itself what tables are painted with, at the first that is.
    for name in (*_behind_screens(), "pandas.io.formats.style", *categorising):
        if stopping.is_set():
            return
        # A screen that somebody asked for meanwhile comes first.
        with TURNS.turn():
            import_module(name)
    _freeze()


def _behind_screens() -> Iterator[str]:
    """Return the modules behind all screens; the screens themselves are scripts, and the shell is one too."""
    for found in walk_packages(pages.__path__, "pages."):
        if found.name.count(".") > 1 and not found.name.startswith(("pages.shell.app", "pages.door.")):
            yield found.name


def _freeze() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the house when the server starts, close it when it stops."""
    logs.set_up()
    house = runtime()
    ready, stopping = threading.Event(), threading.Event()
    warming = threading.Thread(target=_warm, args=(house, ready, stopping), name="warm-up", daemon=True)
    warming.start()
    door.open(house)
    clockwork = Clockwork(house.store, house.vault, lambda: house.providers, post=house.senders.post)
    clockwork.start()
    clerk = Clerk(house.store)
    watch = Watch(house.store, house.caches, house.senders.post, in_order=lambda user: user not in waiting(house.store))
    if house.settings.fintrack_categorise:
        clerk.start()
        watch.start()
    # A first screen that shares the processor with its own imports takes longer than the two one after the other.
    ready.wait(READY_SECONDS)
    yield
    stopping.set()
    clockwork.stop()
    clerk.stop()
    watch.stop()
    door.close()
    # What stays frozen is never freed, and DuckDB complains of that at exit. A server stopped soon still warms up.
    warming.join(STOPPING_SECONDS)
    house.close()
    gc.unfreeze()


PORT = int(st.get_option("server.port"))
SERVED = (str(st.get_option(f"server.{name}") or "") for name in ("address", "sslCertFile", "baseUrlPath"))
if provider.asks_itself(settings()):
    if why := loopback.hindrance(*SERVED):
        sys.exit(why)
    loopback.pass_proxies(os.environ)
bridge = provider.bridge_of(settings(), runtime().vault, PORT) if github_of(settings()) else None

app = st.App(
    SHELL,
    routes=[
        Route("/healthz", health),
        Route("/session/door.js", cookie.script),
        Route("/session/start", cookie.start, methods=["POST"]),
        Route("/session/end", cookie.end, methods=["POST"]),
        webhook_route(),
        demo_bank_route(),
        font_route(),
        install_route(),
        *(bridge.routes() if bridge else ()),
        *provider.metadata_routes(settings()),
    ],
    middleware=[
        Middleware(Ring, hosts=settings().fintrack_hosts, webhook_host=settings().webhook_host),
        Middleware(provider.ProviderDoor, settings=settings(), bridge=bridge),
    ],
    lifespan=lifespan,
    secrets=provider.sections(settings(), runtime().vault, PORT) if providers_of(settings()) else None,
)

if get_script_run_ctx(suppress_warning=True) is not None:
    # A test runs this file as a script: show what the server would.
    exec(compile(SHELL.read_text("utf-8"), str(SHELL), "exec"), {"__file__": str(SHELL), "__name__": "__main__"})  # noqa: S102
