"""A person's conversations with the coach: kept, found again, renamed, deleted."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, cast

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import clock
from core.coach.kept import Message, Thumb, as_kept, of_kept, with_id
from core.errors import NotFoundError, ValidationError
from core.formats import encodable, one_line
from core.store import Conversation, ConversationMessage, Store, UserId

LONGEST_TITLE: Final = 80
LONGEST_QUESTION: Final = 2000


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """A conversation in the list."""

    id: int
    title: str
    changed_at: dt.datetime
    messages: int


def list_conversations(store: Store, user: UserId, text: str = "") -> tuple[ConversationEntry, ...]:
    """Return the conversations of `user`, the newest first; with `text`, those that have it in title or messages."""
    wanted = text.strip().casefold()
    counted = (
        select(Conversation.id, Conversation.title, Conversation.changed_at, func.count(ConversationMessage.id))
        .outerjoin(ConversationMessage, ConversationMessage.conversation_id == Conversation.id)
        .where(Conversation.user_id == user)
        .group_by(Conversation.id, Conversation.title, Conversation.changed_at)
        .order_by(Conversation.changed_at.desc(), Conversation.id.desc())
    )
    with store.read() as session:
        found = [ConversationEntry(*row) for row in session.execute(counted)]
        if not wanted:
            return tuple(found)
        # Databases fold the case of some letters only.
        said = select(ConversationMessage.conversation_id, ConversationMessage.question, ConversationMessage.answer)
        said = said.join(Conversation, Conversation.id == ConversationMessage.conversation_id)
        having = {
            number
            for number, question, answer in session.execute(said.where(Conversation.user_id == user))
            if wanted in question.casefold() or wanted in answer.casefold()
        }
    return tuple(one for one in found if one.id in having or wanted in one.title.casefold())


def begin_conversation(store: Store, user: UserId, question: str) -> int:
    """Begin a conversation that is called after its first question; returns its id.

    Raises:
        ValidationError: the question is empty or too long.
    """
    text = checked_question(question)
    with store.write() as session:
        row = Conversation(user_id=user, title=one_line(text, LONGEST_TITLE), changed_at=clock.now())
        session.add(row)
        session.flush()
        return row.id


def checked_question(question: str) -> str:
    """Return a question without what stands around it.

    Raises:
        ValidationError: it is empty or too long.
    """
    text = encodable(question).replace("\0", " ").strip()
    if not text:
        raise ValidationError("There is no question yet.", "Write what you want to know.")
    if len(text) > LONGEST_QUESTION:
        raise ValidationError(f"A question has at most {LONGEST_QUESTION:,} letters.", "Ask it in fewer words.")
    return text


def open_conversation(store: Store, user: UserId, number: int) -> tuple[Message, ...]:
    """Return what was said in a conversation, in order.

    Raises:
        NotFoundError: it is not there, or somebody else's.
    """
    with store.read() as session:
        _own(session, user, number)
        rows = session.scalars(
            select(ConversationMessage)
            .where(ConversationMessage.conversation_id == number)
            .order_by(ConversationMessage.id)
        )
        return tuple(
            Message(row.question, row.answer, of_kept(row.told), row.id, cast("Thumb", row.thumb), row.at)
            for row in rows
        )


def title_of(store: Store, user: UserId, number: int) -> str:
    """Return what a conversation is called.

    Raises:
        NotFoundError: it is not there, or somebody else's.
    """
    with store.read() as session:
        return _own(session, user, number).title


def keep_message(store: Store, user: UserId, number: int, message: Message) -> Message:
    """Keep a question and its answer at the end of a conversation; returns it with its id.

    Raises:
        NotFoundError: the conversation is not there, or somebody else's.
    """
    now = clock.now()
    with store.write() as session:
        _own(session, user, number).changed_at = now
        row = ConversationMessage(
            conversation_id=number,
            question=checked_question(message.question),
            answer=message.answer.replace("\0", " "),
            told=as_kept(message.told).replace("\\u0000", " "),
            thumb=message.thumb,
            at=now,
        )
        session.add(row)
        session.flush()
        return with_id(message, row.id, message.thumb, now)


def rename_conversation(store: Store, user: UserId, number: int, title: str) -> None:
    """Call a conversation something else.

    Raises:
        ValidationError: the name is empty.
        NotFoundError: it is not there, or somebody else's.
    """
    name = one_line(title.replace("\0", " "), LONGEST_TITLE).strip()
    if not name:
        raise ValidationError("A conversation needs a name.")
    with store.write() as session:
        _own(session, user, number).title = name


def delete_conversation(store: Store, user: UserId, number: int) -> None:
    """Delete a conversation with all that was said in it.

    Raises:
        NotFoundError: it is not there, or somebody else's.
    """
    with store.write() as session:
        row = _own(session, user, number)
        session.execute(delete(ConversationMessage).where(ConversationMessage.conversation_id == number))
        session.delete(row)


def drop_from(store: Store, user: UserId, number: int, message: int) -> None:
    """Forget a message of a conversation and all that came after it.

    Raises:
        NotFoundError: the conversation is not there, or somebody else's.
    """
    with store.write() as session:
        _own(session, user, number)
        session.execute(
            delete(ConversationMessage).where(
                ConversationMessage.conversation_id == number, ConversationMessage.id >= message
            )
        )


def rate(store: Store, user: UserId, message: int, thumb: Thumb) -> None:
    """Keep what a person thinks of an answer.

    Raises:
        NotFoundError: it is not there, or somebody else's.
    """
    with store.write() as session:
        row = session.get(ConversationMessage, message)
        if row is None:
            raise NotFoundError("This answer is not there.", "Reload the page.")
        _own(session, user, row.conversation_id)
        row.thumb = thumb


def _own(session: Session, user: UserId, number: int) -> Conversation:
    row = session.scalar(select(Conversation).where(Conversation.id == number, Conversation.user_id == user))
    if row is None:
        raise NotFoundError("This conversation is not there.", "Choose another one, or begin a new one.")
    return row
