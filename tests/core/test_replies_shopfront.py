"""What a visitor sees of an account, and how much is said to one and to all."""

import pytest

from pluralis.core.replies import ReplyKind, Written, balance, shopfront

OPEN, PRIVATE, COMMUNITY = ReplyKind.OPEN, ReplyKind.PRIVATE, ReplyKind.COMMUNITY


def test_private_and_open_replies_are_to_one_posts_and_replies_for_everyone_to_all() -> None:
    found = balance(
        [Written("a", kind=PRIVATE), Written("b", kind=OPEN), Written("c", kind=OPEN), Written("d", kind=COMMUNITY),
         Written("New today.")]
    )  # fmt: skip
    assert (found.to_one, found.to_all, found.share_to_one) == (3, 2, 0.6)
    assert (found.announcements, found.share_of_announcements) == (1, 0.5)


def test_nothing_said_has_no_share() -> None:
    assert balance([]).share_to_one is None
    assert balance([]).share_of_announcements is None
    assert shopfront([]).share is None


@pytest.mark.parametrize("text", ["What do you think?", "Thanks @dana for the picture", "¿Vienes"])
def test_a_post_that_asks_or_names_somebody_is_no_mere_announcement(text: str) -> None:
    assert balance([Written(text)]).announcements == 0


@pytest.mark.parametrize(
    ("text", "language", "apology", "trouble"),
    [
        ("We are sorry for the outage in Leeds.", "en", True, True),
        ("Nous sommes désolés de l'attente.", "fr", True, False),
        ("Avería en Triana: trabajamos en ello.", "es", False, True),
        ("Maaf atas gangguan di Shah Alam.", "ms", True, True),
        ("Our new lamp is here.", "en", False, False),
        ("Notre nouvelle lampe est là.", "fr", False, False),
        ("Nuestra nueva lámpara ya está.", "es", False, False),
        ("Lampu baharu kami sudah tiba.", "ms", False, False),
    ],
)
def test_apologies_and_troubles_are_told_in_four_languages(
    text: str, language: str, apology: bool, trouble: bool
) -> None:
    shown = shopfront([Written(text, language)]).shown[0]
    assert (shown.apology, shown.trouble) == (apology, trouble)


def test_a_post_with_two_burdens_counts_once_and_private_ones_are_not_seen() -> None:
    found = shopfront(
        [Written("Sorry for the outage", "en", OPEN), Written("secret", "en", PRIVATE), Written("New lamp", "en")]
    )
    assert (found.burdened, len(found.shown), found.share) == (1, 2, 0.5)
    assert (found.apologies, found.troubles, found.support) == (1, 1, 1)


def test_a_repost_is_said_to_all_and_is_no_mere_announcement_and_no_burden() -> None:
    praise = Written("They were sorry and mended the outage within an hour.", "en", repost=True)
    counted = balance([praise, Written("New today."), Written("a", kind=OPEN)])
    assert (counted.reposts, counted.posts, counted.to_all, counted.to_one) == (1, 1, 2, 1)
    assert counted.share_of_announcements == 0.5
    front = shopfront([praise, Written("Sorry for the outage", "en")])
    assert (len(front.shown), front.reposts, front.burdened, front.share) == (2, 1, 1, 0.5)


def test_a_visitor_looks_at_twenty_posts() -> None:
    assert len(shopfront([Written("New lamp")] * 50).shown) == 20
