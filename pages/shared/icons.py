"""Material icons by the names that categories carry."""

from typing import Final

from streamlit.material_icon_names import ALL_MATERIAL_ICONS

from pages.shared.formats import plain_text

UNKNOWN: Final = "label"


def unseen(words: str) -> str:
    """Return plain words as the label of a button that has only an icon to be seen; by them it is read out.

    The style of `pages.shared.focus` hides what is emphasised on buttons that open something.
    """
    return f"*{plain_text(words)}*"


def known_icon(name: str) -> str:
    """Return the name of an icon, that of a plain label for one that Streamlit doesn't know."""
    return name if name in ALL_MATERIAL_ICONS else UNKNOWN


def material(name: str) -> str:
    """Return the icon of that name for Streamlit, a plain label for a name it doesn't know."""
    return f":material/{known_icon(name)}:"
