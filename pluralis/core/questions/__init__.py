"""Questions that were asked before: what a question is about, how alike two are, and the words to answer with."""

from pluralis.core.questions.grouping import group_alike
from pluralis.core.questions.likeness import ALIKE, SAME, Weights, likeness
from pluralis.core.questions.placeholders import PLACEHOLDERS, fill, unknown_placeholders
from pluralis.core.questions.terms import terms_of

__all__ = [
    "ALIKE",
    "PLACEHOLDERS",
    "SAME",
    "Weights",
    "fill",
    "group_alike",
    "likeness",
    "terms_of",
    "unknown_placeholders",
]
