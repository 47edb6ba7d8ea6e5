"""Plaid's hosted Link screen: making it ready, and asking how a visit to it stands.

No page of ours is called back: the screen's token is asked for its sessions. Source: Plaid's Hosted
Link guide; a token and its address live 30 minutes.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from core import clock
from core.banking.plaid.client import PlaidClient
from core.banking.plaid.models import (
    ErrorBody,
    LinkSessionFacts,
    LinkToken,
    LinkTokenFacts,
    SessionExit,
    SessionMetadata,
)
from core.banking.plaid.reactions import failure_of
from core.banking.provider import Institution, LinkOutcome, LinkStart, OfferedItem
from core.config import Settings
from core.errors import BankSetupError
from core.store import UserId

HISTORY_DAYS: Final = 730
"""Asked for once, at the first link; Plaid can't raise it later."""
LIFETIME: Final = timedelta(minutes=30)


def begin(
    client: PlaidClient, settings: Settings, user: UserId, access_token: str = "", *, choose_accounts: bool = False
) -> LinkStart:
    """Make a hosted screen ready: for a new login, or to mend the one behind `access_token` or choose its accounts.

    Raises:
        BankSetupError: Plaid gave no address for the screen.
        BankError: Plaid refused or could not be reached.
    """
    from plaid.model.country_code import CountryCode
    from plaid.model.link_token_create_hosted_link import LinkTokenCreateHostedLink
    from plaid.model.link_token_create_request import LinkTokenCreateRequest
    from plaid.model.link_token_create_request_update import LinkTokenCreateRequestUpdate
    from plaid.model.link_token_create_request_user import LinkTokenCreateRequestUser
    from plaid.model.link_token_transactions import LinkTokenTransactions
    from plaid.model.products import Products

    what: dict[str, Any]
    if access_token:
        what = {"access_token": access_token}
        if choose_accounts:
            what["update"] = LinkTokenCreateRequestUpdate(account_selection_enabled=True)
    else:
        what = {
            "products": [Products("transactions")],
            "transactions": LinkTokenTransactions(days_requested=HISTORY_DAYS),
        }
        wealth = [Products(name) for name in settings.plaid_products if name != "transactions"]
        if wealth:
            what["required_if_supported_products"] = wealth
    if settings.plaid_webhook_url:
        what["webhook"] = settings.plaid_webhook_url
    request = LinkTokenCreateRequest(
        client_name="FinTrack",
        language="en",
        country_codes=[CountryCode(code) for code in settings.plaid_country_codes],
        user=LinkTokenCreateRequestUser(client_user_id=str(user)),
        hosted_link=LinkTokenCreateHostedLink(),
        **what,
    )
    given = client.call("link_token_create", request, LinkToken)
    if not given.hosted_link_url:
        raise BankSetupError(
            "Plaid gave no address for its sign-in screen.", "Switch on Hosted Link in Plaid's dashboard."
        )
    return LinkStart(given.link_token, given.hosted_link_url, instant(given.expiration) or clock.now() + LIFETIME)


def look(client: PlaidClient, token: str) -> LinkOutcome:
    """Return how the visit stands: every login that any of its sessions made counts.

    Raises:
        BankGoneError: Plaid no longer knows the token.
    """
    from plaid.model.link_token_get_request import LinkTokenGetRequest

    sessions = client.call("link_token_get", LinkTokenGetRequest(link_token=token), LinkTokenFacts).link_sessions
    offered = {one.public_token: one for session in sessions for one in _offered(session)}
    finished = [one for one in sessions if one.finished_at]
    if not finished or len(finished) < len(sessions):
        # Several banks can be linked in one visit: what is there already may be taken meanwhile.
        return LinkOutcome("waiting", tuple(offered.values()), begun=bool(sessions))
    leaving = finished[-1].exit or finished[-1].on_exit
    if offered or leaving is None:
        return LinkOutcome("done", tuple(offered.values()))
    error = _error(leaving)
    return LinkOutcome("left") if error is None else LinkOutcome("failed", (), str(failure_of(error)))


def _error(leaving: SessionExit) -> ErrorBody | None:
    return leaving.error if leaving.error and leaving.error.error_code else None


def _offered(session: LinkSessionFacts) -> list[OfferedItem]:
    found = [
        OfferedItem(
            one.public_token,
            Institution((one.institution and one.institution.institution_id) or "", _name(one.institution)),
            tuple((account.name or "", account.mask or "") for account in one.accounts),
        )
        for one in (session.results.item_add_results if session.results else ())
    ]
    if not found and session.on_success:
        told = session.on_success
        facts = told.metadata or SessionMetadata()
        bank = facts.institution
        found.append(
            OfferedItem(
                told.public_token,
                Institution((bank and bank.institution_id) or "", _name(bank)),
                tuple((account.name or "", account.mask or "") for account in facts.accounts),
            )
        )
    return found


def _name(bank: Any) -> str:  # noqa: ANN401 - OfferedInstitution or None
    return (bank and bank.name) or "Bank"


def instant(text: str) -> datetime | None:
    """Return an instant that Plaid wrote, None for an empty or broken one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
