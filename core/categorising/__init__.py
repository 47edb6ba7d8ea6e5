"""Categories learned from a person's own transactions; until then, what the bank and reference merchants say."""

from core.categorising.deciding import PRECISION
from core.categorising.learning import Learned, learn_categories
from core.categorising.model import Categoriser, Proposal, Source
from core.categorising.movements import Movement
from core.categorising.reference import Hint, code_of_title
from core.categorising.teaching import Lessons

__all__ = [
    "PRECISION",
    "Categoriser",
    "Hint",
    "Learned",
    "Lessons",
    "Movement",
    "Proposal",
    "Source",
    "code_of_title",
    "learn_categories",
]
