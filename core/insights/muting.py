"""Less like this: whole kinds of insights, or those about one subject, that a person does not want to hear of."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import select, update

from core import clock
from core.errors import NotFoundError
from core.insights.facts import Facts, Kind, from_text
from core.insights.feed import owned
from core.store import Insight, InsightMute, Store, UserId


@dataclass(frozen=True, slots=True)
class Mute:
    """Something that is not told of; `subject` "" is the whole kind, `title` what the subject was called."""

    kind: Kind
    subject: str
    title: str


def mute(store: Store, user: UserId, insight_id: int, *, whole_kind: bool) -> None:
    """Tell nothing more of an insight's kind, or of its kind about its subject alone.

    Raises:
        NotFoundError: it is not there.
    """
    with store.write() as session:
        row = owned(session, user, insight_id)
        subject = "" if whole_kind else row.subject
        title = "" if whole_kind else subject_title(from_text(row.facts))
        session.merge(InsightMute(user_id=user, kind=row.kind, subject=subject, title=title, at=clock.now()))
        alike = update(Insight).where(Insight.user_id == user, Insight.kind == row.kind)
        session.execute((alike if whole_kind else alike.where(Insight.subject == subject)).values(muted=True))


def list_mutes(store: Store, user: UserId) -> tuple[Mute, ...]:
    """Return what `user` does not want to hear of, the last said first."""
    with store.read() as session:
        rows = session.scalars(
            select(InsightMute).where(InsightMute.user_id == user).order_by(InsightMute.at.desc(), InsightMute.kind)
        )
        return tuple(Mute(cast("Kind", row.kind), row.subject, row.title) for row in rows)


def unmute(store: Store, user: UserId, kind: Kind, subject: str) -> None:
    """Take it back that `user` did not want to hear of something.

    Raises:
        NotFoundError: they had not said so.
    """
    with store.write() as session:
        said = session.get(InsightMute, (int(user), kind, subject))
        if said is None:
            raise NotFoundError("This is told of already.", "Reload the page.")
        session.delete(said)
        session.flush()
        left = set(
            session.scalars(select(InsightMute.subject).where(InsightMute.user_id == user, InsightMute.kind == kind))
        )
        for row in session.scalars(select(Insight).where(Insight.user_id == user, Insight.kind == kind)):
            row.muted = bool({"", row.subject} & left)


def subject_title(facts: Facts) -> str:
    """Return what an insight's subject is called: the category, goal, payee, service or currency."""
    if "category_id" in facts:
        return str(facts["category"])
    return str(next((facts[name] for name in ("goal", "name", "service", "currency") if name in facts), ""))
