"""The questions with paraphrases that were written for this project, and how many of them are found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pluralis.core.questions import ALIKE, Weights, likeness, terms_of

FILE = Path(__file__).parents[1] / "fixtures" / "questions.tsv"
SAME_LANGUAGE = 0.15
"""As pluralis.inbox.queries.knowledge ranks."""


@dataclass(frozen=True)
class Row:
    """One question, of the half that *build*s the rule or the one *kept* apart, and two others that mean it."""

    part: str
    language: str
    question: str
    paraphrases: tuple[str, ...]


def rows() -> list[Row]:
    lines = [line for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
    cells = [line.split("\t") for line in lines[1:]]
    return [Row(part, language, question, tuple(others)) for part, language, question, *others in cells]


def recall(asked: Sequence[Row], distractors: Sequence[str]) -> float:
    """Return the share of paraphrases whose question is among the first three, beside all others and distractors."""
    known = [(row.language, row.question, terms_of(row.question)) for row in rows()]
    known += [("en", text, terms_of(text)) for text in distractors]
    weights = Weights(Counter(term for _code, _text, terms in known for term in terms), len(known))
    tries = [(row, paraphrase) for row in asked for paraphrase in row.paraphrases]
    return sum(_found(row, text, known, weights) for row, text in tries) / len(tries)


def _found(row: Row, text: str, known: Sequence[tuple[str, str, list[str]]], weights: Weights) -> bool:
    terms = terms_of(text)
    scored = [
        (score + SAME_LANGUAGE * (language == row.language), question)
        for language, question, about in known
        if (score := likeness(terms, about, weights)) >= ALIKE
    ]
    return row.question in [question for _score, question in sorted(scored, reverse=True)[:3]]
