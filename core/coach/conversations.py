"""A person's conversations with the coach: kept, found again, renamed, deleted."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, cast

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import clock
from core.coach.kept import Message, Thumb, Told, as_kept, of_kept, with_id
from core.errors import NotFoundError, ValidationError
from core.formats import encodable, one_line
from core.store import Conversation, ConversationMessage, Store, UserId

LONGEST_TITLE: Final = 80
LONGEST_QUESTION: Final = 2000
NO_END: Final = Told(
    failure="No answer came to this question.", hint="FinTrack stopped, or could not write it down. Ask again."
)
"""Stands for an answer until it comes, so that a question outlives the process that was answering it."""
MOVED_ON: Final = "This conversation went on in another window."


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """A conversation in the list."""

    id: int
    title: str
    changed_at: dt.datetime
    messages: int


def list_conversations(store: Store, user: UserId, text: str = "") -> tuple[ConversationEntry, ...]:
    """Return the conversations of `user`, the newest first; with `text`, those that have all its words somewhere."""
    wanted = text.casefold().split()
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
        said_in: dict[int, list[str]] = {one.id: [one.title] for one in found}
        for number, *texts in session.execute(said.where(Conversation.user_id == user)):
            said_in[number] += texts
    texts_of = {number: "\n".join(texts).casefold() for number, texts in said_in.items()}
    return tuple(one for one in found if all(word in texts_of[one.id] for word in wanted))


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
    if not one_line(text):
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


def keep_message(
    store: Store, user: UserId, number: int, message: Message, *, instead: Message | None = None
) -> Message:
    """Keep a question and its answer at the end of a conversation; returns it with its id.

    With `instead` it stands in the place of that message.

    Raises:
        NotFoundError: the conversation is not there, or somebody else's.
        ValidationError: `instead` is not its last message any more; nothing was kept.
    """
    now = clock.now()
    with store.write() as session:
        _own(session, user, number).changed_at = now
        if instead is not None:
            last = session.scalar(
                select(ConversationMessage)
                .where(ConversationMessage.conversation_id == number)
                .order_by(ConversationMessage.id.desc())
                .limit(1)
            )
            if last is None or (last.id, last.at) != (instead.id, instead.at):
                raise ValidationError(MOVED_ON, "See what came since, then ask again.")
            session.delete(last)
            session.flush()
        row = ConversationMessage(conversation_id=number, question=checked_question(message.question), at=now)
        _put(row, message)
        session.add(row)
        session.flush()
        return with_id(message, row.id, message.thumb, now)


def finish_message(store: Store, user: UserId, number: int, message: Message) -> None:
    """Keep the answer to a question that was kept when it was asked; its `id` and `at` say which.

    Raises:
        NotFoundError: it is not there any more, or somebody else's.
    """
    with store.write() as session:
        _own(session, user, number).changed_at = clock.now()
        row = session.get(ConversationMessage, message.id)
        # A store may give the id of a message that was dropped anew.
        if row is None or (row.conversation_id, row.at) != (number, message.at):
            raise NotFoundError("This question is not there any more.", "Ask it again.")
        _put(row, message)


def _put(row: ConversationMessage, message: Message) -> None:
    row.answer = message.answer.replace("\0", " ")
    row.told = as_kept(message.told)
    row.thumb = message.thumb


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
