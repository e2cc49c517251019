"""The import pages: what a person is asked, shown and offered at each step."""

import io
import re
import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from pluralis.core.importing import MOST_BYTES
from pluralis.publishing.actions import check_rows, save_rows
from pluralis.publishing.models import Import, Part
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast
from tests.apps.publishing.test_import_road import later

Browser = Callable[[Membership], Client]


def hand_in(client: Client, content: str | bytes, name: str = "posts.csv") -> Import:
    raw = content.encode() if isinstance(content, str) else content
    data = {"file": SimpleUploadedFile(name, raw), "key": uuid.uuid4().hex}
    response = client.post(reverse("imports"), data)
    assert response.status_code == 302, response.content.decode()[:3000]
    return Import.objects.latest("created_at")


def decide(client: Client, one: Import, *accounts: Account, **more: object) -> Import:
    said = {"fields": one.shape["guess"], "zone": "Europe/Paris", "accounts": [str(each.id) for each in accounts]}
    response = client.post(reverse("import_decide", args=[one.id]), {**said, **more})
    assert response.status_code == 302, response.content.decode()[:3000]
    while check_rows(one.id, timezone.now()):
        pass
    return Import.objects.get(id=one.id)


def page(client: Client, one: Import, query: str = "") -> str:
    response = client.get(reverse("import_one", args=[one.id]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_first_page_teaches_and_offers_an_example_of_each_kind(cast: Cast, browser: Browser) -> None:
    client = browser(cast.alice)
    text = client.get(reverse("imports")).content.decode()
    examples = re.findall(r'href="(/import/example/\w+)"', text)
    assert len(examples) == 3
    for address in examples:
        content = b"".join(client.get(address))
        assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\r\n") >= 2


@pytest.mark.parametrize("layout", ["plain", "hootsuite", "buffer"])
def test_every_example_is_read_without_a_problem_of_its_own(
    cast: Cast, account: Account, browser: Browser, layout: str
) -> None:
    client = browser(cast.alice)
    content = b"".join(client.get(reverse("import_example", args=[layout])))
    one = decide(client, hand_in(client, content), account, order="dmy")
    codes = {code for row in one.rows.all() for _column, code, _values in row.problems}
    assert codes <= {"missing_picture", "no_alt_text"}
    assert one.shape["layout"] == layout


def test_the_whole_way_from_the_file_to_the_calendar_and_back(cast: Cast, account: Account, browser: Browser) -> None:
    client = browser(cast.alice)
    one = hand_in(client, f"text,when\nWe open,{later(2)}\nWe are late,2020-01-01 10:00\n")
    assert "What the columns are" in page(client, one)
    one = decide(client, one, account)
    shown = page(client, one)
    assert "1 row has a problem" in shown and "has passed" in shown and "Plan 1 row" in shown
    client.post(reverse("import_save", args=[one.id]))
    assert "being planned" in page(client, one)
    save_rows(one.id, timezone.now())
    assert "1 post is planned" in page(client, one) and Part.objects.get().state == "waiting"
    client.post(reverse("import_undo", args=[one.id]))
    assert "1 planned message was taken back" in page(client, one) and Part.objects.get().state == "cancelled"


def test_a_day_that_can_be_read_two_ways_is_asked_with_both_readings(
    cast: Cast, account: Account, browser: Browser
) -> None:
    client = browser(cast.alice)
    one = hand_in(client, "text,when\nWe open,03/04/2031 10:00\nAnd close,05/06/2031 10:00\n")
    shown = page(client, one)
    assert "3 April 2031" in shown and "4 March 2031" in shown
    said = {"fields": one.shape["guess"], "zone": "Europe/Paris", "accounts": [str(account.id)]}
    refused = client.post(reverse("import_decide", args=[one.id]), said)
    assert refused.status_code == 422 and "begin with the day or the month" in refused.content.decode()
    assert decide(client, one, account, order="mdy").rows_chosen == 2


def test_letters_that_can_be_read_several_ways_are_shown_and_chosen(
    cast: Cast, account: Account, browser: Browser
) -> None:
    client = browser(cast.alice)
    one = hand_in(client, "text;when\nÀ très bientôt;2031-04-03 10:00\n".encode("cp1252"))
    assert "Which line looks right?" in page(client, one)
    client.post(reverse("import_read", args=[one.id]), {"encoding": "cp1252"})
    assert "Which line looks right?" not in page(client, one)
    assert Import.objects.get().rows.get().cells[0] == "À très bientôt"


def test_a_file_of_a_hundred_megabytes_is_refused_with_the_limit(
    cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pluralis.web.views.imports.MOST_BYTES", 1000)
    sent = SimpleUploadedFile("large.csv", b"text\n" + b"x" * 2000)
    response = browser(cast.alice).post(reverse("imports"), {"file": sent, "key": "k"})
    assert response.status_code == 422 and "is larger than" in response.content.decode()
    assert (Import.objects.count(), MOST_BYTES) == (0, 20 * 2**20)


def test_a_missing_picture_is_added_on_the_page_and_the_row_is_ready(
    cast: Cast, account: Account, browser: Browser
) -> None:
    client = browser(cast.alice)
    one = decide(client, hand_in(client, f"text,when,picture,alt\nLook,{later(2)},Door.PNG,A door\n"), account)
    assert "1 picture is missing" in page(client, one)
    held = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(held, "PNG")
    sent = SimpleUploadedFile("door.png", held.getvalue(), "image/png")
    client.post(reverse("import_pictures", args=[one.id]), {"pictures": [sent]})
    check_rows(one.id, timezone.now())
    one.refresh_from_db()
    assert (one.rows_chosen, one.rows.get().problems) == (1, [])
    client.post(reverse("import_save", args=[one.id]))
    save_rows(one.id, timezone.now())
    segment = Part.objects.get().segment
    assert segment is not None and segment.pictures.get().media.alt_text == "A door"


def test_the_rows_to_mend_come_back_as_a_file_with_what_is_wrong(
    cast: Cast, account: Account, browser: Browser
) -> None:
    client = browser(cast.alice)
    one = decide(client, hand_in(client, f"text,when\n@dana hello,2020-01-01 10:00\nFine,{later(2)}\n"), account)
    content = b"".join(client.get(reverse("import_refused", args=[one.id]))).decode("utf-8-sig")
    first, second = content.splitlines()
    assert first == "text,when,#,!"
    assert second.startswith("'@dana hello,2020-01-01 10:00,2,") and "has passed" in second


def test_a_row_is_left_out_and_taken_in_again(cast: Cast, account: Account, browser: Browser) -> None:
    client = browser(cast.alice)
    one = decide(client, hand_in(client, f"text,when\nOne,{later(2)}\nTwo,{later(3)}\n"), account)
    address = reverse("import_choose", args=[one.id])
    assert client.post(address, {"row": "2"}, headers={"HX-Request": "true"}).status_code == 204
    assert "Left out" in page(client, one) and "Plan 1 row" in page(client, one)
    client.post(address, {"row": "all", "chosen": "1"})
    assert "Plan 2 rows" in page(client, one)


def test_another_team_finds_nothing(cast: Cast, account: Account, browser: Browser) -> None:
    one = hand_in(browser(cast.alice), f"text,when\nOne,{later(2)}\n")
    stranger = browser(cast.charlie)
    assert stranger.get(reverse("import_one", args=[one.id])).status_code == 404
    assert stranger.post(reverse("import_save", args=[one.id])).status_code in (302, 404)
    assert stranger.get(reverse("import_refused", args=[one.id])).status_code == 404


def test_hostile_names_and_cells_are_shown_as_text(cast: Cast, account: Account, browser: Browser) -> None:
    client = browser(cast.alice)
    evil = "<script>alert(1)</script>"
    one = hand_in(client, f'"{evil}",text,when\n{evil},{evil},{later(2)}\n', f"{evil}.csv")
    assert evil not in page(client, one)
    one = decide(client, one, account)
    assert evil not in page(client, one) and evil not in client.get(reverse("imports")).content.decode()
