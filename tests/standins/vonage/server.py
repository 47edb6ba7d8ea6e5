"""The routes of Verify v2 with a memory: who was sent which code, and what became of it."""

import datetime as dt
import json
import ssl
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.standins.served import Served

APPLICATION = "78d335fa-323d-0114-9c3d-d6f0d48968cf"
MOST_TRIES = 3


@dataclass
class Sent:
    """A code that was sent."""

    number: str
    channel: str
    code: str
    tries: int = 0
    state: str = "pending"


@dataclass
class VonageStandIn(Served):
    """A server on a free port. `sent` tells by id what went out; `refuse` makes the next calls fail with a status."""

    folder: Path
    sent: dict[str, Sent] = field(default_factory=dict)
    refuse: list[int | bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make a certificate of our own."""
        key = _key()
        self.private_key = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self._public = key.public_key()
        self._random = Random(7)
        self.certificate = self.folder / "vonage.pem"
        _certify(self.certificate)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_port}"

    @property
    def last(self) -> Sent:
        """Return what was sent last."""
        return list(self.sent.values())[-1]

    def answer(self, method: str, path: str, token: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Answer a call as Vonage does."""
        if self.refuse:
            wanted = self.refuse.pop(0)
            return (wanted, {"title": "no"}) if isinstance(wanted, int) else (200, wanted)
        claims = jwt.decode(token, self._public, algorithms=["RS256"])
        if claims["application_id"] != APPLICATION:
            return 401, {"title": "Unauthorized"}
        if method == "POST" and path == "/v2/verify":
            return self._start(body)
        sent = self.sent.get(path.rpartition("/")[2])
        if sent is None or sent.state != "pending":
            return 404, {"title": "Not Found"}
        if method == "DELETE":
            sent.state = "cancelled"
            return 204, None
        return self._check(path.rpartition("/")[2], sent, str(body.get("code")))

    def _start(self, body: dict[str, Any]) -> tuple[int, Any]:
        (step,) = body["workflow"]
        if body["code_length"] != 6 or body["brand"] != "FinTrack" or step["to"].startswith(("+", "0")):
            return 422, {"title": "Invalid params"}
        if step["to"].endswith("000000"):
            return 422, {"title": "Invalid params", "detail": "The phone number is invalid"}
        if any(one.number == step["to"] and one.state == "pending" for one in self.sent.values()):
            return 409, {"title": "Conflict"}
        key = str(uuid4())
        self.sent[key] = Sent(step["to"], step["channel"], f"{self._random.randrange(10**6):06d}")
        return 202, {"request_id": key}

    @staticmethod
    def _check(key: str, sent: Sent, code: str) -> tuple[int, Any]:
        sent.tries += 1
        if code == sent.code:
            sent.state = "completed"
            return 200, {"request_id": key, "status": "completed"}
        if sent.tries >= MOST_TRIES:
            sent.state = "failed"
            return 410, {"title": "Gone"}
        return 400, {"title": "Invalid Code"}


def _handler(vonage: VonageStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}") or {}
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, told = vonage.answer(self.command, self.path, token, body)
            raw = told if isinstance(told, bytes) else b"" if told is None else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_POST = do_DELETE = _serve  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@cache
def _key() -> rsa.RSAPrivateKey:
    """Return the key of every stand-in of this process: to find one takes longer than most of what it is for."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certify(path: Path) -> None:
    """Write a key and a certificate for 127.0.0.1 that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
