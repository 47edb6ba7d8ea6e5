"""Which models the settings offer, in their order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final
from urllib.parse import urlsplit

from core.coach.providers.access import Access
from core.coach.providers.anthropic import Claude
from core.coach.providers.gemini import Gemini
from core.coach.providers.openai import OWN_ADDRESS, ChatCompletions
from core.coach.providers.provider import Provider
from core.config import Settings


@dataclass(frozen=True, slots=True)
class Offered:
    """A model that can be asked; `key` names it in choices ("gemini/gemini-3.8-flash")."""

    key: str
    provider: Provider
    in_turn: bool
    """Whether it is asked by itself; else only where a person prefers it."""
    trouble: str = ""
    """Why it can't answer as things are, such as a library that is not installed; "" where it can."""


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    library: str
    build: Callable[[Access], Provider]
    keyless: bool = False
    """Whether an address of one's own needs no key."""


_KINDS: Final = {
    "gemini": _Kind("Gemini", "google.genai", Gemini),
    "openai": _Kind("OpenAI", "openai", ChatCompletions, keyless=True),
    "anthropic": _Kind("Anthropic", "anthropic", Claude),
}


def offered_by(settings: Settings) -> tuple[Offered, ...]:
    """Return the models of the providers that have a key, or an address where none is needed; no SDK is loaded."""
    return tuple(one for name in settings.coach_providers for one in _of(name, _KINDS[name], settings))


def _of(name: str, kind: _Kind, settings: Settings) -> Sequence[Offered]:
    key = getattr(settings, f"{name}_api_key").get_secret_value()
    address: str = getattr(settings, f"{name}_base_url")
    if not key and not (kind.keyless and address):
        return []
    models = dict.fromkeys((getattr(settings, f"{name}_model"), *getattr(settings, f"{name}_models")))
    access = [
        Access(_called(kind, address), model, key, address, name.upper(), settings.coach_silence_seconds)
        for model in models
    ]
    trouble = "" if find_spec(kind.library) else access[0].missing().sentence
    return [
        Offered(f"{name}/{one.model}", kind.build(one), in_turn=place == 0, trouble=trouble)
        for place, one in enumerate(access)
    ]


def _called(kind: _Kind, address: str) -> str:
    """Return the provider's name; a server of one's own that speaks OpenAI's protocol goes by its host."""
    parts = urlsplit(address)
    if not kind.keyless or not parts.hostname or parts.hostname == urlsplit(OWN_ADDRESS).hostname:
        return kind.name
    return parts.netloc.rpartition("@")[2]
