"""The reply box, what stands around a conversation, offers, balance, and personal data on pages and in the API."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.core.replies import CommunityForm, Reason, ReplyKind, WayOut
from pluralis.inbox.models import Contact, Conversation, HandOver, Message, Offer, Reply, Repost, Unmasking
from pluralis.teams.actions import make_token
from pluralis.teams.models import Account, AuditEntry, Membership, Role, Team
from pluralis.web import reply_words
from tests.apps.cast import Cast, make_user
from tests.apps.inbox.test_personal_data import SECRET, TEXT, account_of, hear, incoming

Browser = Callable[[Membership], Client]
QUESTION = "Are you open on Sunday?"


@pytest.fixture
def account(cast: Cast) -> Account:
    return account_of(cast)


@pytest.fixture
def secret(account: Account) -> Message:
    return hear(account, incoming())[0]


@pytest.fixture
def question(account: Account) -> Message:
    return hear(account, incoming(QUESTION))[0]


def page(client: Client, message: Message) -> str:
    return client.get(reverse("conversation", args=[message.conversation_id])).content.decode()


def checked(html: str) -> str:
    return re.search(r'name="kind" value="(\w+)"[^>]*checked', html).group(1)


def send(client: Client, message: Message, text: str, **more: str) -> object:
    body = {"message": message.id, "text": text, "key": uuid4().hex, **more}
    return client.post(reverse("conversation_answer", args=[message.conversation_id]), body)


@pytest.mark.parametrize(("words", "of"), [
    (reply_words.KINDS, ReplyKind), (reply_words.READERS, ReplyKind), (reply_words.ICONS, ReplyKind),
    (reply_words.REASONS, Reason), (reply_words.FORMS, CommunityForm),
])  # fmt: skip
def test_every_kind_reason_and_form_has_its_words(words: dict, of: type) -> None:
    assert set(words) == set(of)
    assert set(reply_words.WAYS_OUT) == set(WayOut) - {WayOut.NONE}


def test_the_proposal_is_chosen_before_anybody_types_and_says_why(
    cast: Cast, question: Message, browser: Browser
) -> None:
    html = page(browser(cast.bob), question)
    assert checked(html) == "community"
    assert "Opening hours serve everybody." in html
    assert [f"Alt {number}" in html for number in (1, 2, 3)] == [True] * 3


def test_a_post_with_personal_data_is_proposed_a_private_answer_and_a_ready_text_in_its_language(
    cast: Cast, account: Account, browser: Browser
) -> None:
    message = hear(account, incoming(f"Écrivez-moi à {SECRET}, je n'ai toujours pas reçu mon colis"))[0]
    html = page(browser(cast.bob), message)
    assert checked(html) == "private"
    assert "supprimez votre message" in html
    assert SECRET not in html


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_pages_show_personal_data_masked_to_whoever_does_not_hold_it(
    cast: Cast, secret: Message, browser: Browser, who: str
) -> None:
    client = browser(getattr(cast, who))
    for address in (reverse("inbox"), reverse("conversation", args=[secret.conversation_id]),
                    f"{reverse('inbox')}?words=parcel", reverse("offers")):  # fmt: skip
        assert SECRET not in client.get(address).content.decode(), address
    assert "Personal data is hidden." in page(client, secret)


def test_a_press_shows_it_and_is_noted(cast: Cast, secret: Message, browser: Browser) -> None:
    client = browser(cast.bob)
    client.post(reverse("conversation_unmask", args=[secret.conversation_id]))
    assert SECRET in page(client, secret)
    assert SECRET not in page(browser(cast.alice), secret)
    assert Unmasking.objects.get().member == cast.bob


def test_a_viewer_is_offered_no_press(cast: Cast, secret: Message, browser: Browser) -> None:
    viewer = Membership.objects.create(
        team=cast.alice.team, user=make_user("Vera"), role=Role.VIEWER, created_at=timezone.now()
    )
    client = browser(viewer)
    assert reverse("conversation_unmask", args=[secret.conversation_id]) not in page(client, secret)
    assert client.post(reverse("conversation_unmask", args=[secret.conversation_id])).status_code == 403


def test_the_api_masks_too_and_shows_after_asking(cast: Cast, secret: Message) -> None:
    week = timezone.now() + timedelta(days=7)
    scopes = ["read", "write", "publish"]
    _token, words = make_token(actor=cast.bob, name="p", scopes=scopes, expires_at=week, now=timezone.now())
    client = Client(headers={"Authorization": f"Bearer {words}"})
    address = reverse("api_conversation", args=[secret.conversation_id])
    read = client.get(address).json()
    assert (read["hidden"], read["messages"][0]["text"]) == (True, "Please write to [EMAIL] about my parcel")
    assert SECRET not in client.get(reverse("api_conversations")).content.decode()
    assert client.post(f"{address}/unmask").status_code == 200
    assert client.get(address).json()["messages"][0]["text"] == TEXT
    proposed = client.post(f"{address}/proposal", {"text": ""}, content_type="application/json").json()
    assert (proposed["kind"], proposed["reason"], proposed["delete_advised"]) == ("private", "data_given", True)
    assert all(SECRET not in form["text"] for form in proposed["forms"])


def preview(client: Client, message: Message, **typed: str) -> str:
    return client.post(reverse("answer_preview", args=[message.conversation_id]), typed).content.decode()


def test_the_preview_shows_what_all_will_read_and_the_room_that_is_left(
    cast: Cast, question: Message, browser: Browser
) -> None:
    html = preview(browser(cast.bob), question, text="We are, from 10 to 16.", kind="community", form="question")
    assert "“Are you open on Sunday?”" in html
    assert "(via @dana)" in html
    assert "characters left for those who share it" in html
    assert "only by hand" in html


def test_leaving_the_proposal_for_more_readers_warns_and_for_fewer_does_not(
    cast: Cast, secret: Message, browser: Browser
) -> None:
    client = browser(cast.bob)
    assert "Private was proposed" in preview(client, secret, text="We look.", kind="open")
    assert "A smaller circle" in preview(client, secret, text="We look.", kind="community")
    assert "is-warn" not in preview(client, secret, text="We look.", kind="private")


def test_the_ready_invitation_is_no_risk(cast: Cast, account: Account, browser: Browser) -> None:
    message = hear(account, incoming("Where is my parcel?"))[0]
    client = browser(cast.bob)
    text = re.search(r'data-ready="([^"]+)" data-ready-kind="open"', page(client, message)).group(1)
    assert "was proposed" not in preview(client, message, text=text, kind="open")


def test_a_draft_that_asks_for_a_number_moves_the_proposal(cast: Cast, account: Account, browser: Browser) -> None:
    message = hear(account, incoming("Do you ship to Norway?"))[0]
    html = preview(browser(cast.bob), message, text="Please send us your order number.", kind="open")
    assert "Your answer holds personal data, or asks for some." in html


def test_a_private_answer_leads_to_its_own_conversation_and_back(
    cast: Cast, secret: Message, browser: Browser
) -> None:
    client = browser(cast.bob)
    response = send(client, secret, "We look it up.", kind="private")
    private = Conversation.objects.get(private=True)
    assert response.headers["Location"] == reverse("conversation", args=[private.id])
    html = client.get(response.headers["Location"]).content.decode()
    assert reverse("conversation", args=[secret.conversation_id]) in html
    assert reverse("conversation", args=[private.id]) in page(client, secret)


def test_a_stopped_answer_keeps_its_kind_and_offers_a_lead_to_give_a_reason(
    cast: Cast, question: Message, browser: Browser
) -> None:
    client = browser(cast.alice)
    refused = send(client, question, f"Write to {SECRET}", kind="open")
    html = refused.content.decode()
    assert (refused.status_code, checked(html)) == (422, "open")
    assert 'name="override_reason"' in html
    sent = send(client, question, f"Write to {SECRET}", kind="open", override_reason="It is ours")
    assert sent.status_code == 302
    assert AuditEntry.objects.filter(action="inbox.reply.overridden").count() == 1


def test_an_agent_is_not_offered_to_override(cast: Cast, question: Message, browser: Browser) -> None:
    assert (
        "override_reason" not in send(browser(cast.bob), question, f"Write to {SECRET}", kind="open").content.decode()
    )


def test_a_conversation_goes_on_outside_and_comes_back(cast: Cast, question: Message, browser: Browser) -> None:
    client = browser(cast.bob)
    where = [question.conversation_id]
    client.post(reverse("conversation_hand_over", args=where), {"channel": "telephone", "days": "7"})
    case = HandOver.objects.get()
    assert case.case_number in page(client, question)
    client.post(reverse("conversation_close_case", args=where))
    page(client, question)  # the first page after it says so in a toast
    assert case.case_number not in page(client, question)
    assert Conversation.objects.get().state == "open"


def test_support_answers_an_offered_question_from_its_own_account(
    cast: Cast, account: Account, browser: Browser
) -> None:
    support = account_of(cast, "NorluneHelp", "support")
    hear(account, incoming("How do I switch off the autoplay in the app?"))
    offer, client = Offer.objects.get(), browser(cast.bob)
    assert "Answer as @NorluneHelp" in client.get(reverse("offers")).content.decode()
    client.post(reverse("offer_take", args=[offer.id]), {"do": "take", "text": "In the settings.", "key": "k"})
    assert Reply.objects.get().part.account_id == support.id
    assert "Nothing is offered now" in client.get(reverse("offers")).content.decode()


def test_an_offered_question_is_invited_over_from_the_main_account(
    cast: Cast, account: Account, browser: Browser
) -> None:
    account_of(cast, "NorluneHelp", "support")
    hear(account, incoming("Comment désactiver la lecture automatique dans l'application ?"))
    client = browser(cast.bob)
    client.post(reverse("offer_take", args=[Offer.objects.get().id]), {"do": "invite", "key": "k"})
    part = Reply.objects.get().part
    assert part.account_id == account.id
    assert part.text.startswith("Nos collègues de @NorluneHelp")


def test_an_answer_to_an_offer_that_cannot_go_out_stays_in_its_box(
    cast: Cast, account: Account, browser: Browser
) -> None:
    account_of(cast, "NorluneHelp", "support")
    hear(account, incoming("How do I switch off the autoplay in the app?"))
    body = {"do": "take", "text": f"Write to {SECRET}", "key": "k"}
    response = browser(cast.bob).post(reverse("offer_take", args=[Offer.objects.get().id]), body)
    assert response.status_code == 422
    assert SECRET in response.content.decode()
    assert Offer.objects.get().state == "open"


def test_the_rules_of_offers_are_a_leads(cast: Cast, account: Account, browser: Browser) -> None:
    assert browser(cast.bob).post(reverse("offer_rules"), {}).status_code == 403
    browser(cast.alice).post(reverse("offer_rules"), {"praise": "1"})
    assert Team.objects.get(id=cast.alice.team_id).settings["offers"] == {"support": False, "praise": True}


def test_the_balance_says_what_its_figures_mean(cast: Cast, account: Account, browser: Browser) -> None:
    html = browser(cast.alice).get(reverse("balance")).content.decode()
    assert "@Norlune" in html
    assert "Posts that name nobody and ask nothing" in html


def test_the_front_window_marks_a_repost_and_a_program_reads_how_many(
    cast: Cast, account: Account, browser: Browser
) -> None:
    Account.objects.filter(id=account.id).update(kind="main")
    praise = hear(account, incoming("I love your shop!"))[0]
    Repost.objects.create(team_id=praise.team_id, message=praise, account=account, reposted_at=timezone.now())
    client = browser(cast.alice)
    html = client.get(reverse("balance")).content.decode()
    assert (
        "I love your shop!" in html
        and "repost</span>" in html
        and "posts: 0, reposts: 1, replies for everyone: 0" in html
    )
    (told,) = client.get("/api/balance").json()
    assert (told["reposts"], told["announcements"], told["window_posts"], told["window_reposts"]) == (1, 0, 1, 1)


def test_a_lead_gives_out_holds_and_erases(cast: Cast, secret: Message, browser: Browser) -> None:
    client, where = browser(cast.alice), [Contact.objects.get().id]
    given = client.post(reverse("contact_export", args=where))
    assert (given["Content-Type"], given["Cache-Control"]) == ("application/zip", "no-store")
    day = (timezone.now() + timedelta(days=9)).date().isoformat()
    client.post(reverse("contact_hold", args=where), {"reason": "Court", "until": day})
    erase = reverse("contact_erase", args=where)
    assert "must be kept by law" in client.post(erase, {"word": "ERASE"}).content.decode()
    client.post(reverse("contact_lift_hold", args=where))
    assert "Type the word" in client.post(erase, {"word": "no"}).content.decode()
    assert client.post(erase, {"word": "erase"}).status_code == 302
    assert not Contact.objects.exists()


def test_an_agent_and_another_team_reach_none_of_it(cast: Cast, secret: Message, browser: Browser) -> None:
    where = [Contact.objects.get().id]
    for name in ("contact_export", "contact_erase", "contact_hold", "contact_lift_hold"):
        assert browser(cast.bob).post(reverse(name, args=where)).status_code == 403
        assert browser(cast.charlie).post(reverse(name, args=where)).status_code == 404


@pytest.mark.parametrize(("days", "kept"), [("90", 90), ("", None), ("many", "unset"), ("3", "unset")])
def test_how_long_data_is_kept_is_set_by_a_lead(
    cast: Cast, account: Account, browser: Browser, days: str, kept: object
) -> None:
    client = browser(cast.alice)
    client.post(reverse("settings_retention"), {"days": days})
    assert Team.objects.get(id=cast.alice.team_id).settings.get("retention_days", "unset") == kept
    assert "How long it is kept" in client.get(reverse("settings_privacy")).content.decode()
