"""Material icons by the names that categories carry."""

from typing import Final

from streamlit.material_icon_names import ALL_MATERIAL_ICONS

UNKNOWN: Final = ":material/label:"


def material(name: str) -> str:
    """Return the icon of that name for Streamlit, a plain label for a name it doesn't know."""
    return f":material/{name}:" if name in ALL_MATERIAL_ICONS else UNKNOWN
