"""The demo bank's sign-in screen: a page of the bank, not of FinTrack, as a real bank's would open in a new tab.

Whoever knows the secret in the address may use it, and it is all that they need: no cookie is read, so that
no other site can act with one. It is good for one visit, shows no money, and keeps nothing that is typed.
"""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.banking import Institution, demo
from core.errors import FinTrackError, NotFoundError, ValidationError
from core.runtime import runtime

LARGEST: Final = 8 * 1024
"""Bytes of a form at the most."""
FINTRACK: Final = "#33475B"
"""The colour of the page before a bank is chosen."""
_FRAME: Final = Template(Path(__file__).with_suffix(".html").read_text("utf-8"))
_OVER: Final = "This sign-in is over, or its time has run out. Close this tab and begin again in FinTrack."
_HEADERS: Final = {"cache-control": "no-store"}

Form = Mapping[str, Sequence[str]]


async def screen(request: Request) -> Response:
    """Answer one request: the screen as it stands, or what a form leads to."""
    secret = str(request.path_params["secret"])
    form: Form | None = None
    if request.method == "POST":
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                return Response(status_code=413, headers={**_HEADERS, "connection": "close"})
        form = parse_qs(body.decode("utf-8", "replace"))
    status, title, colour, inside = await run_in_threadpool(_answer, secret, form)
    return HTMLResponse(
        _FRAME.substitute(title=escape(title), color=colour, body=inside), status_code=status, headers=_HEADERS
    )


def demo_bank_route() -> Route:
    """Return the route of the demo bank's screen."""
    return Route(f"{demo.PATH}/{{secret}}", screen, methods=["GET", "POST"])


Answer = tuple[int, str, str, str]
"""Status, title, the bank's colour, and what stands in the frame."""


def _answer(secret: str, form: Form | None) -> Answer:
    house = runtime()
    caller = demo.caller_of(house.store, house.vault, secret)
    if caller is None:
        return 404, "Sign-in over", FINTRACK, _words("Nothing to sign in to", _OVER)
    if caller.ended:
        return _ended(caller.bank, linked=caller.ended == "done")
    try:
        return _step(caller, form or {})
    except NotFoundError:
        return 404, "Sign-in over", FINTRACK, _words("Nothing to sign in to", _OVER)
    except FinTrackError as failure:
        return 400, "Sign in", FINTRACK, _words("This did not work", str(failure))


def _step(caller: demo.Caller, form: Form) -> Answer:
    house, said = runtime(), {name: values[0] for name, values in form.items()}
    step = said.get("step", "")
    bank = caller.bank or next((one for one in demo.banks() if one.key == said.get("bank")), None)
    if step == "leave":
        demo.leave(house.store, house.vault, caller.secret)
        return _ended(bank, linked=False)
    if bank is None:
        return 200, "Choose your bank", FINTRACK, _banks()
    if step == "sign in":
        if not said.get("user", "").strip() or not said.get("password"):
            return _page(bank, "Sign in", _sign_in(bank, "Type any user name and any password."))
        if caller.purpose != "mend":
            return _page(bank, "Choose accounts", _accounts(bank, caller))
        demo.sign_in_again(house.store, house.vault, caller.secret)
        return _ended(bank, linked=True)
    if step == "share":
        try:
            demo.share(house.store, house.vault, caller.secret, bank.key, frozenset(form.get("account", ())))
        except ValidationError as failure:
            return _page(bank, "Choose accounts", _accounts(bank, caller, str(failure)))
        return _ended(bank, linked=True)
    return _page(bank, "Sign in", _sign_in(bank))


def _page(bank: Institution, title: str, inside: str) -> Answer:
    return 200, f"{title} · {bank.name}", bank.color, inside


def _ended(bank: Institution | None, *, linked: bool) -> Answer:
    told = "FinTrack notices by itself. You can close this tab."
    words = _words("You are signed in", told) if linked else _words("Nothing was linked", "You can close this tab.")
    return 200, "Done" if linked else "Closed", bank.color if bank else FINTRACK, (_head(bank) if bank else "") + words


def _words(title: str, sentence: str) -> str:
    return f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p>"


def _head(bank: Institution) -> str:
    return f'<div class="bank">{_mark(bank)}<span>{escape(bank.name)}</span></div>'


def _mark(bank: Institution) -> str:
    return f'<span class="mark" style="--colour: {bank.color}" aria-hidden="true">{escape(bank.name[0])}</span>'


def _alarm(complaint: str) -> str:
    return f'<p class="alarm" role="alert">{escape(complaint)}</p>' if complaint else ""


def _form(step: str, bank: Institution | None, inside: str) -> str:
    chosen = f'<input type="hidden" name="bank" value="{escape(bank.key)}">' if bank else ""
    return f'<form method="post"><input type="hidden" name="step" value="{step}">{chosen}{inside}</form>'


def _way_out() -> str:
    return '<div class="way-out">' + _form("leave", None, "<button>Cancel</button>") + "</div>"


def _banks() -> str:
    choices = "".join(
        f'<button class="choice" name="bank" value="{escape(one.key)}">{_mark(one)}<span>{escape(one.name)}</span>'
        "</button>"
        for one in demo.banks()
    )
    return (
        _words("Choose your bank", "Three made-up banks, to try FinTrack out.") + _form("", None, choices) + _way_out()
    )


def _sign_in(bank: Institution, complaint: str = "") -> str:
    fields = (
        '<label class="field">User name<input type="text" name="user" autocomplete="off" required></label>'
        '<label class="field">Password<input type="password" name="password" autocomplete="off" required></label>'
        '<button class="main">Sign in</button>'
    )
    note = (
        '<p class="note">This bank is made up. Any user name and password will do; nothing that you type is kept. '
        "Don't type a password of yours.</p>"
    )
    asked = _words(f"Sign in to {bank.name}", "FinTrack asks to read your accounts. It can't move money.")
    return _head(bank) + asked + _alarm(complaint) + _form("sign in", bank, fields) + _way_out() + note


def _accounts(bank: Institution, caller: demo.Caller, complaint: str = "") -> str:
    shared = {plan.key for plan in caller.shared}
    boxes = "".join(
        f'<label class="account"><input type="checkbox" name="account" value="{escape(plan.key)}" checked'
        f"{' disabled' if plan.key in shared else ''}><span>{escape(plan.name)}"
        f"<small>{escape(plan.type)} ··{escape(plan.mask)}{', shared already' if plan.key in shared else ''}</small>"
        "</span></label>"
        for plan in demo.accounts_at(bank.key)
    )
    asked = _words("Which accounts may FinTrack read?", "You can share more of them later.")
    share_button = '<button class="main">Share these accounts</button>'
    return _head(bank) + asked + _alarm(complaint) + _form("share", bank, boxes + share_button) + _way_out()
