"""The coach that works with no key: questions in plain words, answered from the tools or not at all."""

from core.coach.offline.answering import answer

__all__ = ["answer"]
