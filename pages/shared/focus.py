"""Where the keyboard is must be seen, and it must not go where nothing is: a style for every screen."""

from typing import Final

import streamlit as st

FIELDS: Final = 'input:not([type="checkbox"], [type="radio"]), textarea, [role="spinbutton"], canvas'
"""What shows by itself where the keyboard is: a field by its frame, a table by the cell."""

INSIDE: Final = (
    ':is(main, summary, [role="dialog"], [role="tab"], [data-testid="stSidebarNavLink"], '
    '[data-testid="stPageLink-NavLink"], [data-testid="stMainMenuButton"], [data-testid="stMenuButtonButton"])'
    ":focus-visible"
)


def style_of_focus() -> str:
    """Return the style: one ring for all that can be reached; nothing within a navigation that is closed.

    Streamlit's own ring is too pale to be seen, and its links have none. The dark look's main colour has a contrast of
    three on the grounds of both looks.
    """
    ring = st.get_option("theme.dark.primaryColor")
    return (
        f"<style>:focus-visible:not(:where({FIELDS})), "
        "label:has(input:focus-visible:is([type='checkbox'], [type='radio'])) "
        f"{{ outline: 2px solid {ring} !important; outline-offset: 2px !important; box-shadow: none !important; }}"
        # What fills its frame, or is cut off at it, has its ring inside.
        f"{INSIDE} {{ outline-offset: -2px !important; }}"
        f'[data-testid="stChatInput"]:has(textarea:focus-visible) {{ outline: 2px solid {ring}; border-radius: 6px; }}'
        '[data-testid="stSidebar"][data-collapsed="true"] { visibility: hidden; }'
        '[data-testid="stSidebarCollapseButton"] { visibility: visible !important; }'
        '[data-testid="stElementToolbar"]:focus-within { opacity: 1 !important; z-index: 9 !important; }'
        # The words of `pages.shared.icons.unseen`.
        '[data-testid="stMenuButtonButton"] em, [data-testid="stPopoverButton"] em '
        "{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }"
        ":is([data-testid='stMenuButtonButton'], [data-testid='stPopoverButton']):has(em) div[aria-hidden='true'] "
        "{ display: none; }"
        # A heading's address is of no use where the address is the screen's own.
        'a[aria-label="Link to heading"] { display: none; }</style>'
    )
