"""Who is worth following back."""

import pytest

from pluralis.core.following_back import Follower, Why, reasons, worth


def whys(follower: Follower) -> list[str]:
    return [str(each.why) for each in reasons(follower)]


@pytest.mark.parametrize(
    ("follower", "expected"),
    [
        (Follower(), []),
        (Follower(wrote=3), ["wrote"]),
        (Follower(wrote=3, praised=3, followers=999), ["praise", "wrote", "followers"]),
        (Follower(wrote=1, private_wanted=True), ["private", "wrote"]),
        (Follower(wrote=1, tags=("customer", "Journaliste")), ["tag", "wrote"]),
        (Follower(wrote=1, tags=("WARTAWAN", "vip")), ["tag", "wrote"]),
        (Follower(tags=("customer",), followers=0), []),
    ],
)
def test_reasons_come_strongest_first(follower: Follower, expected: list[str]) -> None:
    assert whys(follower) == expected


@pytest.mark.parametrize(
    ("better", "other"),
    [
        (Follower(wrote=1, private_wanted=True), Follower(wrote=10, followers=5_000_000)),
        (Follower(wrote=1, tags=("partner",)), Follower(wrote=12, followers=900)),
        (Follower(wrote=3), Follower(wrote=2)),
        (Follower(wrote=2, praised=1), Follower(wrote=2)),
        (Follower(wrote=2, followers=10_000), Follower(wrote=2, followers=100)),
        (Follower(wrote=6), Follower(wrote=1, followers=9_000)),
    ],
)
def test_people_are_ordered_as_a_team_would(better: Follower, other: Follower) -> None:
    assert worth(reasons(better)) > worth(reasons(other))


def test_a_tag_is_named_and_counts_once() -> None:
    (found,) = reasons(Follower(tags=("VIP", "Press")))
    assert (found.why, found.words, found.points) == (Why.TAG, "VIP", 30)


def test_writing_without_end_does_not_outweigh_everything() -> None:
    assert worth(reasons(Follower(wrote=10_000))) == worth(reasons(Follower(wrote=10)))
