"""Messages between the app and its query process: a length of eight bytes, then that many bytes."""

import struct
from collections.abc import Callable
from typing import Final

_LENGTH: Final = struct.Struct(">Q")
LARGEST: Final = 2**33


def framed(message: bytes) -> bytes:
    """Return what announces a message: its length."""
    return _LENGTH.pack(len(message))


def read_frame(read: Callable[[int], bytes]) -> bytes | None:
    """Return the next message; None when the other side is gone. `read` returns up to so many bytes, b"" at the end."""
    head = _exactly(read, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    return _exactly(read, length) if length <= LARGEST else None


def _exactly(read: Callable[[int], bytes], count: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < count:
        part = read(min(count - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)
