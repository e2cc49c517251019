"""What is asked most: like questions gathered, largest group first."""

from collections.abc import Sequence

from pluralis.core.questions.likeness import SAME, Weights, likeness


def group_alike(questions: Sequence[Sequence[str]], weights: Weights, least: float = SAME) -> list[list[int]]:
    """Return groups of indices of like questions (given as terms), the largest first, then the earliest.

    Each question joins the group whose first question is most like it, from ``least`` on, or begins its own: one
    pass, so the order of the questions decides and the newest should come first.
    """
    groups: list[list[int]] = []
    for number, terms in enumerate(questions):
        best = max(((likeness(terms, questions[group[0]], weights), group) for group in groups),
                   key=lambda each: each[0], default=(0.0, []))  # fmt: skip
        if best[0] >= least:
            best[1].append(number)
        elif terms:
            groups.append([number])
    return sorted(groups, key=lambda group: (-len(group), group[0]))
