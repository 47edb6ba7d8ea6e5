"""The real server with a page of nothing beside the real ones: `streamlit run tests/bench/empty_beside.py`."""

import sys
from pathlib import Path

import streamlit as st

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from starlette.middleware import Middleware  # noqa: E402 - the path above comes first
from starlette.routing import Route  # noqa: E402

from core.config import settings  # noqa: E402
from pages.door import cookie  # noqa: E402
from pages.door.ring import Ring  # noqa: E402
from pages.shared.typefaces import font_route  # noqa: E402
from streamlit_app import health, lifespan  # noqa: E402

app = st.App(
    HERE / "shell.py",
    routes=[Route("/healthz", health), Route("/session/door.js", cookie.script), font_route()],
    middleware=[Middleware(Ring, hosts=settings().fintrack_hosts)],
    lifespan=lifespan,
)
