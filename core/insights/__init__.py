"""Insights: what is noticed in a person's money, kept once each, with what they say of it; the digest by letter."""

from core.insights.digest import EVERY, Digest, Every, choose_digest, digest_of, tell_of_insights
from core.insights.facts import KINDS, Fact, Facts, Kind, plain_facts
from core.insights.feed import (
    InsightEntry,
    Span,
    bring_back,
    count_unread,
    dismiss,
    foremost,
    latest,
    list_insights,
    list_put_away,
    mark_all_read,
    mark_read,
    snooze,
)
from core.insights.generating import Generated, generate, is_due, was_looked_for
from core.insights.muting import Mute, list_mutes, mute, subject_title, unmute
from core.insights.watching import Watch
from core.insights.wording import KIND_TITLES, Told, told

__all__ = [
    "EVERY",
    "KINDS",
    "KIND_TITLES",
    "Digest",
    "Every",
    "Fact",
    "Facts",
    "Generated",
    "InsightEntry",
    "Kind",
    "Mute",
    "Span",
    "Told",
    "Watch",
    "bring_back",
    "choose_digest",
    "count_unread",
    "digest_of",
    "dismiss",
    "foremost",
    "generate",
    "is_due",
    "latest",
    "list_insights",
    "list_mutes",
    "list_put_away",
    "mark_all_read",
    "mark_read",
    "mute",
    "plain_facts",
    "snooze",
    "subject_title",
    "tell_of_insights",
    "told",
    "unmute",
    "was_looked_for",
]
