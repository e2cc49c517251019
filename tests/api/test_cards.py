"""Cards below links, as a program reads them and leaves them out."""

from collections.abc import Iterator

import pytest

from pluralis.publishing.models import BareLink, Card
from pluralis.teams.models import Scope
from tests.api.conftest import Program, program_of
from tests.apps.cast import Cast, write
from tests.apps.publishing.ahead import Site, site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as opened:
        yield opened


def test_a_program_reads_a_page_once_and_again_when_it_asks(alice: Program, web: Site) -> None:
    link = web.put("/ipoh", "Norlune in Ipoh")
    for again in (False, False, True):
        found = alice.post("cards", {"url": link, "again": again})
        assert found.status_code == 200
    told = found.json()
    assert (told["title"], told["has_picture"], told["problem"]) == ("Norlune in Ipoh", False, "")
    assert (web.asked, Card.objects.count()) == (["/ipoh", "/ipoh"], 2)
    assert alice.post("cards", {"url": f"{web.origin}/none"}).json()["problem"]
    assert alice.post("cards", {"url": "hello"}).status_code == 422


def test_a_program_leaves_cards_out_and_takes_them_back(cast: Cast, alice: Program) -> None:
    post = write(cast.alice, "Look: https://norlune.com/a")
    address = f"posts/{post.id}/bare-links"
    assert alice.get(address).json() == {"urls": [], "revision": 1}
    told = alice.put(address, {"urls": ["https://norlune.com/a"]}).json()
    assert told == {"urls": ["https://norlune.com/a"], "revision": 1}, "a draft asks nobody yet"
    assert alice.put(address, {"urls": []}).json()["urls"] == []
    assert not BareLink.objects.exists()
    assert program_of(cast.charlie, *Scope).get(address).status_code == 404
