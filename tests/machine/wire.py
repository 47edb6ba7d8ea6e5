"""Streamlit's wire without a browser: a websocket, Protobuf messages in both directions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

SECONDS: Final = 20
LARGEST: Final = 64 * 1024 * 1024


@dataclass(frozen=True)
class Wire:
    """One open session: what a browser's tab is to the server."""

    socket: ClientConnection

    def rerun(self, page: str = "", query: str = "", page_hash: str = "") -> list[ForwardMsg]:
        """Ask for a run and return all messages up to its end, a run that the first one led to (a switch) included."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        message.rerun_script.page_script_hash = page_hash
        self.socket.send(message.SerializeToString())
        return self.until_finished()

    def send_form(self, page: str, drawn: list[ForwardMsg], typed: str, at: str) -> list[ForwardMsg]:
        """Send the form in `drawn` with `typed` in its text fields, from a page that says it is `at` a URL."""
        elements = [message.delta.new_element for message in drawn if message.WhichOneof("type") == "delta"]
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.context_info.url = at
        for element in elements:
            if element.WhichOneof("type") == "text_input":
                message.rerun_script.widget_states.widgets.add(id=element.text_input.id, string_value=typed)
            elif element.WhichOneof("type") == "button" and element.button.is_form_submitter:
                message.rerun_script.widget_states.widgets.add(id=element.button.id, trigger_value=True)
        self.socket.send(message.SerializeToString())
        return self.until_finished()

    def until_finished(self) -> list[ForwardMsg]:
        """Return the messages up to the end of the run that is going on."""
        received = []
        while True:
            data = self.socket.recv(SECONDS)
            assert isinstance(data, bytes)
            received.append(ForwardMsg.FromString(data))
            if received[-1].WhichOneof("type") == "script_finished":
                return received


@contextmanager
def wire(url: str, cookie: str = "", **headers: str) -> Iterator[Wire]:
    """Open a session with the server at `url` (http://…), as a browser with that Cookie header would."""
    address = url.replace("http://", "ws://", 1) + "/_stcore/stream"
    given = {"Origin": url, **({"Cookie": cookie} if cookie else {}), **headers}
    given = {name: value for name, value in given.items() if value}
    with connect(
        address,
        additional_headers=given,
        subprotocols=[Subprotocol("streamlit")],
        open_timeout=SECONDS,
        max_size=LARGEST,
        compression=None,
        proxy=None,
    ) as socket:
        yield Wire(socket)


def words(messages: list[ForwardMsg]) -> str:
    """Return everything that messages say, as one text to look for something in."""
    return "\n".join(str(message) for message in messages)
