"""Why two rows are taken for one movement, in words."""

from core.ledger.pairing.rows import Ledger
from core.ledger.pairing.scoring import Scored


def reasons_of(ledger: Ledger, scored: Scored, place: int, *, doubtful: bool) -> tuple[str, ...]:
    """Return what speaks for the pair at `place`, and what makes one ask, as short clauses."""
    pairs = scored.pairs
    out, into = int(pairs.out[place]), int(pairs.into[place])
    return tuple(
        clause
        for clause in (
            _amounts(ledger, out, into, foreign=bool(pairs.foreign[place]), off=float(pairs.off[place])),
            _days(int(ledger.day[into] - ledger.day[out])),
            *_texts(scored, place),
            "still pending" if ledger.pending[out] or ledger.pending[into] else "",
            _company(int(scored.crowd[place]), doubtful=doubtful),
        )
        if clause
    )


def _amounts(ledger: Ledger, out: int, into: int, *, foreign: bool, off: float) -> str:
    if foreign:
        return "amounts agree by the day's rate" if abs(off) < 0.005 else f"amounts agree within {abs(off):.1%}"
    lost = -int(ledger.units[out]) - int(ledger.units[into])
    return f"the same amount less a fee of {lost / 10_000:.2f}" if lost else "the same amount"


def _days(apart: int) -> str:
    if not apart:
        return "on the same day"
    days = "1 day" if abs(apart) == 1 else f"{abs(apart)} days"
    return f"{days} {'later' if apart > 0 else 'earlier'}"


def _texts(scored: Scored, place: int) -> list[str]:
    said = []
    if scored.shared[place]:
        said.append("both texts have the same reference")
    if scored.named[place]:
        said.append("a text names the other account's number")
    elif scored.hinted[place]:
        said.append("a text speaks of the other account")
    if scored.card[place]:
        said.append("a credit card's bill is paid")
    elif scored.loan[place]:
        said.append("a loan is paid")
    elif scored.told[place]:
        said.append("both texts speak of a transfer")
    if not said and not scored.able[place]:
        said.append("the texts say little of a transfer")
    return said


def _company(others: int, *, doubtful: bool) -> str:
    if doubtful:
        return "another row of this amount would fit nearly as well"
    return f"{others} more of this amount nearby" if others else "no other row of this amount nearby"
