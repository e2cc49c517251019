"""Why a finding was made, in plain English: what the message keys of the findings stand for.

The shells translate these sentences; the keys never change.
"""

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "voice.english.first_person": "A company says “we”.",
        "voice.english.missing_subject": "The sentence begins without its subject; whoever reads it hears “I”.",
        "voice.french.first_person": "A company says “nous”.",
        "voice.french.first_person_verb": "This verb shares its “je” with the one before.",
        "voice.french.on": "“On” may mean “we” or “one”: is it clear who acts?",
        "voice.french.missing_subject": "The sentence begins without its subject; whoever reads it hears “je”.",
        "voice.spanish.first_person": "A company says “nosotros”.",
        "voice.spanish.first_person_verb": "This verb says “I” without a pronoun.",
        "voice.spanish.shared_form": "This form is “I” and “he, she” alike: is it clear who is meant?",
        "voice.malay.kami": "“Kami” leaves out the person spoken to, as a company does; “kita” would take them in.",
        "voice.malay.kita": "“Kita” takes in the person spoken to, as this account does; “kami” leaves them out.",
        "voice.quoted": "These are somebody else's words.",
        "voice.banned_word": "The voice profile of this account bans this word.",
        "voice.preferred_word": "The voice profile of this account prefers another word.",
        "voice.sign_off": "The text does not end with the sign-off of this account.",
        "voice.emoji": "This is more emoji than the voice profile of this account allows.",
        "voice.hashtag": "The hashtags differ from what the voice profile of this account asks for.",
        "voice.reading_level": "This sentence is longer than the voice profile of this account allows.",
    }
)
