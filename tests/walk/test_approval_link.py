"""A living approval link is the one public address that shows words of a team: exactly one wording, to anybody."""

import pytest
from django.urls import reverse

from pluralis.posts.models import Post, Verdict
from tests.walk.test_walk import OUTSIDE, world, x  # noqa: F401  (fixtures)
from tests.walk.world import MARK, World


@pytest.mark.parametrize("who", OUTSIDE)
def test_whoever_holds_the_link_reads_one_wording_and_nothing_else(world: World, who: str) -> None:  # noqa: F811
    client, address = world.clients[who], reverse("approval", args=[world.ids["link_words"]])
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200 and answer.cookies == {}
    assert f"To be seen first: {MARK}." in page
    others = Post.objects.exclude(id=Post.objects.get(reviews=world.ids["review_id"]).id)
    texts = list(others.values_list("versions__segments__text", flat=True))
    assert len(texts) >= 3 and all(MARK in text for text in texts)
    for text in (*texts, f"A remark {MARK}", f"A word {MARK}", f"Owner-{MARK}", "example.org"):
        assert text not in page
    assert client.get(f"{address}/pictures/{world.ids['media_id']}").status_code == 404
    assert not Verdict.objects.exists()
