"""The frame around every screen: who may see what, navigation, and the way out."""

import sys
from contextlib import ExitStack
from pathlib import Path

# Not resolved: that takes a third of a millisecond, and this file runs each time that a screen is drawn.
ROOT = Path(__file__).absolute().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402 - the path above comes first

from pages.noticed.bell import bell  # noqa: E402 - the path above comes first
from pages.shared.charts import style_of_the_chosen  # noqa: E402
from pages.shared.drawings import drawing  # noqa: E402
from pages.shared.errors import store_away_told  # noqa: E402
from pages.shared.focus import style_of_focus  # noqa: E402
from pages.shared.formats import plain_text  # noqa: E402
from pages.shared.gate import Visitor, hand_over, has_left, link_waits, sign_out, visitor  # noqa: E402
from pages.shared.line_list import style_of_lines  # noqa: E402
from pages.shared.links import SETTINGS  # noqa: E402
from pages.shared.provider import came_back  # noqa: E402
from pages.shell.screens import ADDRESSES, LETTERS, PRIVATE, PUBLIC, SECTIONS, screen  # noqa: E402
from pages.shell.turns import TURNS  # noqa: E402


def outside() -> None:
    """Draw what a stranger sees."""
    public = [screen(name, title=title, icon=icon, default=name == "landing") for name, title, icon in PUBLIC]
    # The same addresses as inside, all leading to the sign-in form: a link survives signing in.
    doors = [screen("sign_in", url_path=name, title="Sign in", visibility="hidden") for name, _, _ in PRIVATE]
    page = st.navigation([*public, *doors], position="hidden")
    if has_left() and page != public[0]:
        st.switch_page(public[0])
    page.run()
    hand_over()


def inside(guest: Visitor) -> None:
    """Draw the frame and the page that the address names."""
    # The first one is at the root, and leaves its own name free for those who come by it.
    private = {
        name: screen(
            name,
            url_path="" if name == "overview" else name,
            title=title,
            icon=icon,
            default=name == "overview",
        )
        for name, title, icon in PRIVATE
    }
    about = screen("about", title="About", visibility="hidden")
    arrived = [
        screen("overview", url_path=name, title="Overview", visibility="hidden")
        for name in ("overview", "landing", "sign_in", "sign_up", "forgot_password")
    ]
    letters = [screen(name, title=title, visibility="hidden") for name, title, _ in LETTERS]
    sections = {section: [private[name] for name, _, _ in pages] for section, pages in SECTIONS.items()}
    sections[""] += [about, *letters, *arrived]
    page = st.navigation(sections, expanded=True)
    with st.sidebar:
        st.html(style_of_the_chosen() + style_of_lines())
        _sidebar(guest)
        hand_over(guest.profile.look, ADDRESSES)
    if page in arrived and came_back():
        st.switch_page(private["settings"], query_params=st.query_params.to_dict())
    elif page in arrived:
        st.switch_page(letters[0] if link_waits() else private["overview"])
    page.run()


def _sidebar(guest: Visitor) -> None:
    bell()
    if guest.profile.is_demo:
        st.info("This is demo data. Sign out and sign up to keep your own.", icon=":material/science:")
    elif not guest.profile.email_verified:
        st.page_link(
            SETTINGS,
            label="Confirm your e-mail address",
            icon=":material/mark_email_unread:",
            help="A letter with a link was sent when you signed up. Settings, Signing in, sends it again.",
        )
    st.caption(plain_text(guest.profile.full_name if not guest.profile.is_demo else "Demo household"))
    st.button("Sign out", icon=":material/logout:", on_click=sign_out, width="stretch")


with ExitStack() as held:
    held.enter_context(TURNS.turn())
    st.set_page_config(page_title="FinTrack", page_icon=drawing("mark"), layout="wide")
    st.logo(drawing("logo"), icon_image=drawing("mark"), size="large")
    st.html(style_of_focus())
    with store_away_told():
        known = visitor()
        if known is None:
            # Nobody waits for strangers: their passwords take a quarter of a second each.
            held.close()
            outside()
        else:
            inside(known)
