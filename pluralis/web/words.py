"""What core says in keys, said in words: findings, problems, triage, outcomes. One place, so that a test can ask
whether every key has its words."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pluralis.core.findings import Finding

RULES: dict[str, Any] = {
    "first_person": _("speaks as one person. A company says we."),
    "first_person_verb": _("speaks as one person, hidden in the verb. A company says we."),
    "shared_form": _("may speak as one person: this form has two meanings."),
    "quoted": _("stands in a quotation, so it is somebody else who speaks."),
    "on": _("is everyday speech for we. Fine, unless your voice is formal."),
    "missing_subject": _("has lost its subject, and it sounds like one person."),
    "banned_word": _("is a word your voice does not use."),
    "preferred_word": _("has a word your voice prefers."),
    "sign_off": _("lacks the sign-off of this account."),
    "emoji": _("does not follow the emoji rule of this account."),
    "hashtag": _("does not follow the hashtag rule of this account."),
    "reading_level": _("is harder to read than this account wants to be."),
    "personal_data": _("is personal data that everybody would see."),
}

RULE_NAMES: dict[str, Any] = {
    "first_person": _("“I”, “me”, “my”"),
    "first_person_verb": _("One person hidden in the verb"),
    "shared_form": _("A form that may mean one person"),
    "quoted": _("One person in a quotation"),
    "on": _("French “on”"),
    "missing_subject": _("A sentence without its subject"),
    "banned_word": _("A word it never says"),
    "preferred_word": _("A word with a better one"),
    "sign_off": _("The sign-off is missing"),
    "emoji": _("Too many emoji"),
    "hashtag": _("Too many hashtags, or none"),
    "reading_level": _("Hard to read"),
}

PERSONAL_DATA: dict[str, Any] = {
    "privacy.email": _("is an e-mail address that everybody would see."),
    "privacy.phone": _("is a telephone number that everybody would see."),
    "privacy.iban": _("is a bank account that everybody would see."),
    "privacy.card": _("is a card number that everybody would see."),
    "privacy.natid": _("is an identity number that everybody would see."),
    "privacy.address": _("is a postal address that everybody would see."),
    "privacy.ref": _("is a customer or booking number that everybody would see."),
}

PROBLEMS: dict[str, Any] = {
    "nothing_to_say": _("No text and no picture"),
    "too_many_pictures": _("Too many pictures for this network"),
    "picture_too_large": _("A picture is too large for this network"),
    "picture_type": _("This network does not take such pictures"),
    "alt_text_too_long": _("A description is too long"),
    "no_alt_text": _("A picture lacks its description"),
    "film_not_alone": _("A film goes out alone, without pictures and other films"),
    "no_films": _("This network takes no films"),
    "film_too_large": _("The film is too large: at most %(number)d MB here"),
    "film_type": _("This network does not take films of this kind; MP4 goes everywhere"),
    "film_too_long": _("The film is too long: at most %(number)d seconds here"),
    "film_length_unknown": _("The film does not tell how long it runs; at most %(number)d seconds here"),
    "film_codec": _("This network may not play how the film is packed; H.264 goes everywhere"),
    "film_not_described": _("This network keeps no description of a film"),
    "film_uncleaned": _("The film may still tell where it was taken"),
    "no_polls": _("This network has no polls; give this account other words"),
    "poll_without_words": _("A poll needs words above it"),
    "poll_with_pictures": _("A poll goes out without pictures"),
    "poll_too_few": _("A poll needs two answers to choose from"),
    "poll_too_many": _("Too many answers: at most %(number)d here"),
    "poll_option_too_long": _("An answer is too long: at most %(number)d characters here"),
    "poll_option_twice": _("Two answers are the same"),
    "poll_too_short": _("The poll ends too soon: at least %(number)d minutes here"),
    "poll_too_long": _("The poll runs too long: at most %(number)d days here"),
    "poll_one_choice": _("On this network a poll has one choice"),
}

LABELS: dict[str, Any] = {
    "question": pgettext_lazy("kind of a message", "Question"),
    "complaint": pgettext_lazy("kind of a message", "Complaint"),
    "praise": pgettext_lazy("kind of a message", "Praise"),
    "abuse": pgettext_lazy("kind of a message", "Abuse"),
    "spam": pgettext_lazy("kind of a message", "Spam"),
}

SORTS: dict[str, Any] = {**LABELS, "other": pgettext_lazy("kind of a message", "Something else")}
"""Every label a person may give a message."""

STATES: dict[str, Any] = {
    "open": pgettext_lazy("state of a conversation", "Open"),
    "waiting": pgettext_lazy("state of a conversation", "Waiting for them"),
    "snoozed": pgettext_lazy("state of a conversation", "Later"),
    "resolved": pgettext_lazy("state of a conversation", "Resolved"),
}

KINDS: dict[str, Any] = {
    "mention": pgettext_lazy("how a message came", "Mention"),
    "reply": pgettext_lazy("how a message came", "Reply"),
    "quote": pgettext_lazy("how a message came", "Quote"),
    "direct": pgettext_lazy("how a message came", "Direct message"),
    "search": pgettext_lazy("how a message came", "Found by a search"),
    "hashtag": pgettext_lazy("how a message came", "Found by a hashtag"),
}

GAPS: dict[str, Any] = {
    "no_way": _("What is older cannot be read on this network."),
    "same_page": _("The network showed the same page again and again."),
    "too_much": _("There was too much to read back."),
    "no_longer": _("The network no longer shows everything."),
}

SWITCHES: dict[str, Any] = {
    "mine": pgettext_lazy("narrows the list", "Mine"),
    "unassigned": pgettext_lazy("narrows the list", "Nobody’s"),
    "unread": pgettext_lazy("narrows the list", "Not read by you"),
    "late": pgettext_lazy("narrows the list", "Late"),
}

OUTCOMES: dict[str, Any] = {
    "sent": _("The network took it."),
    "refused": _("The network refused it."),
    "not_now": _("The network asked to wait."),
    "unconfirmed": _("No clear answer came."),
    "disconnected": _("The network no longer let us in."),
    "found": _("Found on the network."),
    "absent": _("Proven not to be on the network."),
}


# Why a part or an account stands where it stands: our own codes, then the networks' commonest refusals by a piece
# of what they say in English. What is not known here is shown in the network's own words.
REASONS: dict[str, Any] = {
    "ask_by_hand": _("It was not found on the network: did you send it?"),
    "cheaper_by_hand": _("Chosen so: sent by a person, a post with a link is free."),
    "by_hand": _("A member of the team disconnected it."),
    "no_credentials": _("There are no keys for this account. Connect it again."),
    "restored": _("It was on its way when the backup was made."),
    "owner_dead": _("The program stopped while it was being sent."),
    "cannot_be_prepared": _("It could not be put together: look at its pictures."),
    "too_late": _("It would have been too late."),
    "ask": _("Its time passed, and it waits for you."),
    "skipped": _("Its time passed, and by its own rule it was skipped."),
}
REFUSALS: tuple[tuple[str, Any], ...] = (
    (
        "only people who mentioned or quoted",
        _("Programs may answer only people who mentioned or quoted the account."),
    ),
    ("mention only people who wrote", _("Programs may mention only people who wrote to the account first.")),
    ("quote other people's posts only", _("Programs may not quote other people's posts on this tier.")),
    ("too long", _("The text is too long for this network.")),
    ("duplicate", _("The network says that this text stands there already.")),
    ("this one answers", _("The post that this one answers is gone.")),
    ("larger than", _("Something is larger than the network accepts.")),
    ("picture was not kept", _("The network did not keep the picture.")),
    ("message needs somebody", _("A private message needs somebody to go to.")),
    ("cannot be reached by direct message", _("This person cannot be reached by private message.")),
    ("slow down", _("The network asks to wait: too much was asked of it.")),
    ("is used up", _("The network asks to wait: too much was asked of it.")),
    ("add credits", _("The account's credits with the network are used up.")),
    ("was not found", _("The server was not found.")),
    ("suspended", _("The network has suspended this account.")),
    ("lets us in", _("The network no longer lets us in.")),
    ("sign in again", _("The network no longer lets us in.")),
    ("session has ended", _("The network no longer lets us in.")),
    ("revoked", _("The network no longer lets us in.")),
)


def problem_of(code: str, number: int) -> str:
    """Return what is wrong with a whole message; ``number`` is the limit, where its words name one."""
    words = str(PROBLEMS.get(code, code))
    return words % {"number": number} if "%(number)d" in words else words


def reason_of(said: str) -> str:
    """Return why something did not go, in the reader's language; a network's unknown words stay as they are."""
    known = REASONS.get(said) or PROBLEMS.get(said) or OUTCOMES.get(said)
    if known:
        return str(known)
    folded = said.lower()
    return next((str(words) for piece, words in REFUSALS if piece in folded), said)


def words_of(finding: Finding) -> str:
    """Return what is to be said about a finding, after the found piece itself."""
    return str(PERSONAL_DATA.get(finding.reason) or RULES.get(finding.rule, finding.rule))
