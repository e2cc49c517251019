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
}

LABELS: dict[str, Any] = {
    "question": pgettext_lazy("kind of a message", "Question"),
    "complaint": pgettext_lazy("kind of a message", "Complaint"),
    "praise": pgettext_lazy("kind of a message", "Praise"),
    "abuse": pgettext_lazy("kind of a message", "Abuse"),
    "spam": pgettext_lazy("kind of a message", "Spam"),
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


def words_of(finding: Finding) -> str:
    """Return what is to be said about a finding, after the found piece itself."""
    return str(PERSONAL_DATA.get(finding.reason) or RULES.get(finding.rule, finding.rule))
