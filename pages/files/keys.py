"""Names in the session for what the person chooses for an uploaded file."""

from streamlit.typing import UploadedFile


def part_key(file: UploadedFile, part: int, name: str) -> str:
    """Return the session key of a choice made for one account of one uploaded file."""
    return f"import_{file.file_id}_{part}_{name}"
