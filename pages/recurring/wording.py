"""Words for what recurs: how often, when next, and the address of its transactions."""

from typing import Final

from core.money import plain
from core.planning import Entry, Recurring, Subscription
from pages.shared.formats import Formats, plain_text
from pages.shared.links import TRANSACTIONS, Link

STATES: Final = {
    "new": (":blue-badge[:material/fiber_new: New]"),
    "paused": (":orange-badge[:material/pause: Did not come]"),
    "ended": (":gray-badge[:material/stop_circle: Stopped]"),
}
ICONS: Final = {
    "card": "credit_card",
    "loan": "account_balance",
    "bill": "receipt",
    "income": "payments",
    "transfer": "sync_alt",
}


def rows_link(found: Recurring, label: str) -> Link:
    """Return the link to the transactions of a series."""
    query = {
        "text": found.words,
        "account": ",".join(str(one) for one in found.series.accounts),
        "least": plain(found.least),
        "most": plain(found.most),
        "from": found.series.first_date.isoformat(),
    }
    return Link(label, TRANSACTIONS, {name: value for name, value in query.items() if value})


def how_often(one: Subscription, formats: Formats) -> str:
    """Return how often something comes, when next and where: "Monthly · next Dec 6 · Compass Card"."""
    series = one.found.series
    if one.stopped:
        when = f"last paid {formats.day(series.last_date)}"
    elif series.next_date is None:
        when = ""
    elif series.state == "paused":
        when = f"was due {formats.short_day(series.following)}"
    else:
        far = series.cadence in {"half-yearly", "yearly"}
        when = f"next {formats.day(series.next_date) if far else formats.short_day(series.next_date)}"
    return " · ".join(filter(None, (series.cadence.capitalize(), when, one.found.account)))


def badges(one: Subscription, dearer: str = "") -> str:
    """Return what is to be seen of something at once, as Markdown."""
    found = [STATES.get(one.found.series.state, "")]
    if dearer:
        found.append(f":orange-badge[:material/trending_up: {plain_text(dearer)}]")
    if one.choice == "confirmed":
        found.append(":green-badge[:material/check: Confirmed]")
    return " ".join(filter(None, found))


def entry_icon(entry: Entry) -> str:
    """Return the icon of a payment."""
    return ICONS[entry.icon or entry.role]


def entry_words(entry: Entry) -> str:
    """Return the small words under a payment: where it is paid, and what is not sure of it."""
    slack = f"± {entry.slack} days" if entry.slack > 1 and entry.standing == "due" else ""
    usual = "" if entry.exact or entry.standing == "paid" else "usual amount"
    return " · ".join(filter(None, (entry.account, entry.note, usual, slack)))
