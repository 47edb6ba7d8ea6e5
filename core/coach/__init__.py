"""The coach: answers about a person's money that come from tools alone, by a language model or without one."""

from core.coach.allowance import (
    MOST_TOKENS,
    add_usage,
    choose_monthly_tokens,
    count_question,
    models_allowed,
    monthly_tokens,
    tokens_used,
)
from core.coach.answering import Answering, begin_answer, coming_to
from core.coach.coach import OFFLINE, Coach, Standing, coach_for
from core.coach.conversations import (
    NO_END,
    ConversationEntry,
    begin_conversation,
    checked_question,
    delete_conversation,
    finish_message,
    keep_message,
    list_conversations,
    open_conversation,
    rate,
    rename_conversation,
    title_of,
)
from core.coach.estimating import estimated_usage
from core.coach.grounded import Part
from core.coach.grounding import ground
from core.coach.kept import KeptStep, Message, Told, as_markdown, exchanges, message_of, step_of, stopped_message
from core.coach.serving import serve
from core.coach.suggesting import suggestions
from core.coach.tools import TOOLS, Curve, Lead, Scope, Table, Tool, ToolResult, unique_leads
from core.coach.turns import Answered, Asking, Call, Event, Exchange, Failed, Found, Revoked, Step, Usage, Words
from core.coach.values import as_json
from core.coach.wording import plain_answer

__all__ = [
    "MOST_TOKENS",
    "NO_END",
    "OFFLINE",
    "TOOLS",
    "Answered",
    "Answering",
    "Asking",
    "Call",
    "Coach",
    "ConversationEntry",
    "Curve",
    "Event",
    "Exchange",
    "Failed",
    "Found",
    "KeptStep",
    "Lead",
    "Message",
    "Part",
    "Revoked",
    "Scope",
    "Standing",
    "Step",
    "Table",
    "Told",
    "Tool",
    "ToolResult",
    "Usage",
    "Words",
    "add_usage",
    "as_json",
    "as_markdown",
    "begin_answer",
    "begin_conversation",
    "checked_question",
    "choose_monthly_tokens",
    "coach_for",
    "coming_to",
    "count_question",
    "delete_conversation",
    "estimated_usage",
    "exchanges",
    "finish_message",
    "ground",
    "keep_message",
    "list_conversations",
    "message_of",
    "models_allowed",
    "monthly_tokens",
    "open_conversation",
    "plain_answer",
    "rate",
    "rename_conversation",
    "serve",
    "step_of",
    "stopped_message",
    "suggestions",
    "title_of",
    "tokens_used",
    "unique_leads",
]
