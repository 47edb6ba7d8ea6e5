"""Plaid's hosted Link screen: choose a bank, sign in, choose accounts; or cancel, or fail.

`user_good` signs in, `user_locked` fails with ITEM_LOCKED, anybody else is asked again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from tests.standins.plaid.bank import Item, default_item, new_id

if TYPE_CHECKING:
    from tests.standins.plaid.server import PlaidStandIn

INSTITUTIONS = {
    "ins_109508": ("First Platypus Bank", "#1f1f1f"),
    "ins_109511": ("Tartan Bank", "#8b1e3f"),
    "ins_109512": ("Houndstooth Bank", "#2a6f6b"),
}


@dataclass
class Visit:
    """One link token: for whom and what it is, and what happened on its screen."""

    expires: datetime
    item: Item | None
    choosing: bool
    products: list[str]
    sessions: list[dict[str, Any]] = field(default_factory=list)
    webhook: str | None = None
    chosen: Item | None = None
    added: int = 0


class HostedLink:
    """The link tokens of a stand-in and the screen behind each."""

    def __init__(self, bank: "PlaidStandIn") -> None:
        """Keep the visits of `bank`."""
        self.bank = bank
        self.visits: dict[str, Visit] = {}
        self.makes: Callable[[str], Item] = default_item
        """What somebody has at a bank, by its institution id."""

    def routes(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        """Return the API routes."""
        return {"/link/token/create": self._create, "/link/token/get": self._get}

    def expire(self) -> None:
        """Let every open link token run out."""
        for visit in self.visits.values():
            visit.expires = datetime.now(UTC) - timedelta(seconds=1)

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        token = f"link-sandbox-{new_id()}"
        item = self.bank.item_for_link(body["access_token"]) if body.get("access_token") else None
        choosing = bool((body.get("update") or {}).get("account_selection_enabled"))
        expires = datetime.now(UTC) + timedelta(minutes=30)
        self.visits[token] = Visit(
            expires, item, choosing, list(body.get("products") or []), webhook=body.get("webhook")
        )
        return {
            "link_token": token,
            "expiration": expires.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "hosted_link_url": f"{self.bank.url}/hosted/{token}" if "hosted_link" in body else None,
        }

    def _get(self, body: dict[str, Any]) -> dict[str, Any]:
        token = body["link_token"]
        visit = self.visits.get(token)
        if visit is None:
            raise self.bank.refusal("INVALID_LINK_TOKEN", "the link token is unknown")
        answer: dict[str, Any] = {
            "link_token": token,
            "created_at": "2026-01-01T00:00:00Z",
            "expiration": visit.expires.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "metadata": {
                "initial_products": visit.products,
                "webhook": visit.webhook,
                "country_codes": ["US"],
                "language": "en",
                "redirect_uri": None,
                "client_name": "FinTrack",
            },
        }
        # As with Plaid, nothing is said of sessions before the screen was opened.
        return answer | ({"link_sessions": visit.sessions} if visit.sessions else {})

    def page(self, path: str, form: dict[str, list[str]] | None) -> tuple[int, str]:
        """Return status and HTML of the screen; `form` is what was sent, None when it was only opened."""
        visit = self.visits.get(path.rpartition("/")[2])
        if visit is None:
            return 404, _html("Unknown link", "<p>This link is unknown.</p>")
        if visit.expires < datetime.now(UTC):
            return 410, _html("Expired", "<p>This link has expired. Go back and begin again.</p>")
        if not visit.sessions or visit.sessions[-1].get("finished_at"):
            if form is None and visit.sessions:
                return 200, _html("Done", "<p>You can close this tab.</p>")
            visit.sessions.append({"link_session_id": new_id(), "started_at": _now(), "events": []})
        return 200, self._step(visit, {name: values[0] for name, values in (form or {}).items()}, form or {})

    def _step(self, visit: Visit, said: dict[str, str], form: dict[str, list[str]]) -> str:
        session = visit.sessions[-1]
        step = said.get("step", "")
        if step == "cancel":
            return _exit(session, None)
        if step == "fail":
            return _exit(session, "INSTITUTION_NOT_RESPONDING")
        if step == "bank":
            visit.chosen = self.bank.take_next_item() or self.makes(said["bank"])
            return _sign_in(visit.chosen)
        if step == "sign-in":
            if said.get("user") == "user_locked":
                return _exit(session, "ITEM_LOCKED")
            holder = visit.item or visit.chosen
            if said.get("user") != "user_good" or holder is None:
                return _sign_in(holder, "These are not right. Try again.") if holder else _banks()
            if visit.item is not None and not visit.choosing:
                return self._healed(session, visit.item)
            return _accounts(holder)
        if step == "accounts":
            return self._shared(visit, session, set(form.get("account", [])), more="more" in said)
        return _sign_in(visit.item) if visit.item else _banks()

    def _shared(self, visit: Visit, session: dict[str, Any], wanted: set[str], *, more: bool) -> str:
        holder = visit.item or visit.chosen
        if holder is None or not wanted:
            return _accounts(holder, "Choose at least one account.") if holder else _banks()
        everything = [*holder.accounts, *holder.offered]
        holder.accounts[:] = [one for one in everything if one["account_id"] in wanted]
        holder.offered[:] = [one for one in everything if one["account_id"] not in wanted]
        if visit.item is not None:
            return self._healed(session, visit.item)
        holder.webhook = visit.webhook
        public = f"public-sandbox-{new_id()}"
        self.bank.waiting[public] = holder
        results = session.setdefault("results", _no_results())
        results["item_add_results"].append(
            {
                "public_token": public,
                "institution": {
                    "name": INSTITUTIONS[holder.institution_id][0],
                    "institution_id": holder.institution_id,
                },
                "accounts": [
                    {
                        "id": one["account_id"],
                        "name": one["name"],
                        "mask": one["mask"],
                        "type": one["type"],
                        "subtype": one["subtype"] or "",
                        "verification_status": None,
                        "class_type": None,
                    }
                    for one in holder.accounts
                ],
            }
        )
        visit.chosen = None
        if more:
            return _banks()
        session["finished_at"] = _now()
        return _html("Success", "<p>Your accounts are linked. You can close this tab.</p>")

    def _healed(self, session: dict[str, Any], item: Item) -> str:
        item.error = None
        session["results"] = _no_results()
        session["finished_at"] = _now()
        return _html("Success", "<p>You are signed in again. You can close this tab.</p>")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _no_results() -> dict[str, Any]:
    return {
        "item_add_results": [],
        "cra_item_add_results": [],
        "cra_update_results": [],
        "bank_income_results": [],
        "payroll_income_results": [],
        "document_income_results": None,
    }


def _exit(session: dict[str, Any], code: str | None) -> str:
    error = code and {
        "error_type": "ITEM_ERROR" if code == "ITEM_LOCKED" else "INSTITUTION_ERROR",
        "error_code": code,
        "error_message": f"the error {code}",
        "display_message": "The bank locked this login." if code == "ITEM_LOCKED" else None,
        "request_id": new_id()[:15],
        "causes": [],
        "status": 400,
        "documentation_url": "",
        "suggested_action": None,
    }
    metadata = {
        "institution": {"name": "", "institution_id": ""},
        "status": "requires_credentials",
        "link_session_id": session["link_session_id"],
        "request_id": new_id()[:15],
    }
    session["exit"] = {"error": error, "metadata": metadata}
    session["finished_at"] = _now()
    return _html("Closed", "<p>Nothing was linked. You can close this tab.</p>")


def _banks() -> str:
    choices = "".join(
        f'<button name="bank" value="{key}">{escape(name)}</button>' for key, (name, _) in INSTITUTIONS.items()
    )
    return _html(
        "Choose your bank", f'<form method="post"><input type="hidden" name="step" value="bank">{choices}</form>'
    )


def _sign_in(item: Item | None, complaint: str = "") -> str:
    name = INSTITUTIONS[item.institution_id][0] if item else "the bank"
    return _html(
        f"Sign in to {escape(name)}",
        f'<p role="alert">{complaint}</p><form method="post"><input type="hidden" name="step" value="sign-in">'
        '<label>User <input name="user"></label><label>Password <input name="password" type="password"></label>'
        "<button>Sign in</button></form>",
    )


def _accounts(item: Item, complaint: str = "") -> str:
    def box(one: dict[str, Any], mark: str) -> str:
        return (
            f'<label><input type="checkbox" name="account" value="{one["account_id"]}" {mark}>'
            f" {escape(one['name'])} {escape(one['mask'] or '')}</label>"
        )

    boxes = "".join(box(one, "checked") for one in item.accounts) + "".join(box(one, "") for one in item.offered)
    return _html(
        "Choose your accounts",
        f'<p role="alert">{complaint}</p><form method="post"><input type="hidden" name="step" value="accounts">{boxes}'
        '<button>Share these accounts</button><button name="more" value="1">Share and add another bank</button></form>',
    )


def _html(title: str, body: str) -> str:
    way_out = "".join(
        f'<form method="post"><button name="step" value="{step}">{label}</button></form>'
        for step, label in (("cancel", "Cancel"), ("fail", "Let the bank fail"))
        if "<form" in body
    )
    return f"<!doctype html><html lang=en><title>{title}</title><h1>{title}</h1>{body}{way_out}</html>"
