"""Questions that were asked before: what a question is about, and how alike two of them are."""

from pluralis.core.questions.likeness import ALIKE, SAME, Weights, likeness
from pluralis.core.questions.terms import terms_of

__all__ = ["ALIKE", "SAME", "Weights", "likeness", "terms_of"]
