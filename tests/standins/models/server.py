"""A server on a free port that speaks one of the three formats, streaming as the real ones do."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from typing import Any

from tests.standins.models import anthropic, gemini, openai
from tests.standins.models.script import Answer
from tests.standins.served import Served

KEY = "a-key-of-the-tests"
MODEL = "model-of-the-tests"
WIRES: dict[str, ModuleType] = {"gemini": gemini, "openai": openai, "anthropic": anthropic}
STATUS = {
    "key": 401, "quota": 429, "spent": 429, "busy": 503, "too long": 400, "model": 404, "other": 400,
}  # fmt: skip


@dataclass
class ModelStandIn(Served):
    """Answers from `answers` in their order, the last one again and again; `asked` holds the bodies that came."""

    wire: str
    answers: list[Answer] = field(default_factory=list)
    keyless: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)
    """The ports from which was asked."""
    came: list[float] = field(default_factory=list)
    """When each question was there, by the clock of `time.perf_counter`."""
    began: list[float] = field(default_factory=list)
    """When the first piece of each answer's text left, or its first line where it has none, by the same clock."""

    def __post_init__(self) -> None:
        """Take a port."""
        self.callers = ExitStack()
        self.format = WIRES[self.wire]
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._lock = threading.Lock()
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}{self.format.BASE}"

    def __exit__(self, *_: object) -> None:
        """Let those who called hang up, and stop."""
        self.callers.close()
        super().__exit__()

    def next(self, body: dict[str, Any], headers: dict[str, str]) -> Answer:
        """Return the next answer of the script."""
        with self._lock:
            self.came.append(time.perf_counter())
            self.asked.append(body)
            self.headers.append(headers)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def _chunks(model: ModelStandIn, answer: Answer) -> Iterator[bytes]:
    """Yield what is sent, in its time, with the marks of chunked coding between; without its end where it is cut."""
    time.sleep(answer.wait)
    model.began.append(time.perf_counter())
    first = json.dumps(answer.pieces[0]) if answer.pieces else None
    for number, line in enumerate(answer.raw or model.format.stream(answer)):
        if number:
            time.sleep(answer.between)
        if first and first in line:
            model.began[-1], first = time.perf_counter(), None
        data = line.encode()
        yield f"{len(data):x}\r\n".encode() + data + b"\r\n"
    if not answer.cut:
        yield b"0\r\n\r\n"


def _handler(model: ModelStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each small piece waits 40 ms for the one before to be acknowledged

        def do_POST(self) -> None:
            model.connections.add(self.client_address[1])
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if wrong := model.format.refuses(self.path, headers, body, None if model.keyless else KEY, MODEL):
                return self._refuse(*wrong)
            answer = model.next(body, headers)
            if answer.error == "gone":
                self.close_connection = True
                return None
            if answer.error and not answer.within and answer.error != "prompt blocked":
                time.sleep(answer.wait)
                return self._refuse(STATUS[answer.error], answer.error, answer.retry_after)
            return self._stream(answer)

        def _refuse(self, status: int, kind: str, retry_after: str = "") -> None:
            status, told = model.format.error(status, kind)
            raw = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            if retry_after:
                self.send_header("Retry-After", retry_after)
            self.end_headers()
            self.wfile.write(raw)

        def _stream(self, answer: Answer) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for data in _chunks(model, answer):
                self.wfile.write(data)
                self.wfile.flush()
            self.close_connection = answer.cut

        def handle(self) -> None:
            """Serve; who goes away in the middle of an answer is no failure of the server."""
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
