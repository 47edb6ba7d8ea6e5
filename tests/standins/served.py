"""What a stand-in does while it serves."""

import threading
from http.server import ThreadingHTTPServer
from typing import Final, Self

POLLED: Final = 0.02
"""Seconds between two looks whether to stop."""


class Served:
    """A stand-in with a server of its own, which answers as long as the stand-in is entered."""

    _server: ThreadingHTTPServer

    def __enter__(self) -> Self:
        """Begin to serve."""
        threading.Thread(target=self._server.serve_forever, args=(POLLED,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
