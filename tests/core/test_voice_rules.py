"""What each rule of the voice says: where it stands, how serious it is, and what it proposes."""

import pytest

from pluralis.core.findings import Finding, Severity
from pluralis.core.voice import REASONS, VoiceProfile, check
from tests.core.voice_cases import cases, rules, said


def only(text: str, language: str, rule: str) -> Finding:
    found = [finding for finding in check(text, language=language).findings if finding.rule == rule]
    assert len(found) == 1, found
    return found[0]


def test_a_finding_spans_the_pronoun_and_its_verb_so_that_one_key_mends_both() -> None:
    finding = only("Bonjour, je vous rappelle demain.", "fr", "first_person")
    assert (finding.start, finding.end, finding.text) == (9, 25, "je vous rappelle")
    assert finding.suggestion == "nous vous rappelons"
    assert finding.severity is Severity.WARN


def test_the_spanish_verb_without_a_pronoun_has_a_rule_of_its_own() -> None:
    finding = only("Hola, creo que sí.", "es", "first_person_verb")
    assert (finding.text, finding.suggestion) == ("creo", "creemos")
    assert finding.reason == "voice.spanish.first_person_verb"


@pytest.mark.parametrize("word", ["Tenía", "Estaba", "Sería", "Quería", "Podría"])
def test_a_form_that_he_and_i_share_is_a_hint(word: str) -> None:
    finding = only(f"{word} que decirlo.", "es", "shared_form")
    assert finding.severity is Severity.HINT
    assert check(f"{word} que decirlo.", language="es").rewritten is None


def test_a_shared_form_with_somebody_else_as_subject_says_nothing() -> None:
    assert check("El cliente tenía razón.", language="es").findings == ()


def test_a_shared_form_beside_yo_is_the_writer() -> None:
    assert check("Yo tenía otra información.", language="es").rewritten == "Nosotros teníamos otra información."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", 'Dana wrote: "I love it".'),
        ("en", "Dana wrote: “I am happy”."),
        ("en", "Dana said 'I am happy' to us."),
        ("en", "``I agree,'' she said."),
        ("fr", "« Je suis ravi », nous dit Dana."),
        ("es", "Dana dijo: «estoy encantada»."),
        ("ms", '"Saya suka," kata Dana.'),
        ("id", "Dana bilang: “aku suka”."),
    ],
)
def test_quoted_speech_is_found_but_is_not_the_writer(language: str, text: str) -> None:
    result = check(text, language=language)
    assert set(rules(result)) == {"quoted"}
    assert {finding.severity for finding in result.findings} == {Severity.HINT}
    assert result.rewritten is None


def test_a_quotation_mark_that_never_closes_quotes_nothing() -> None:
    assert said(check('"I am sorry', language="en")) == ["I am"]


def test_an_apostrophe_that_begins_a_word_opens_no_quotation() -> None:
    assert said(check("'Twas me who saw the customers' notes.", language="en")) == ["me"]


def test_words_outside_a_quotation_are_still_the_writer() -> None:
    result = check('I read "I love it" and smiled.', language="en")
    assert rules(result) == ["first_person", "quoted"]
    assert result.rewritten == 'We read "I love it" and smiled.'


@pytest.mark.parametrize("text", ["On regarde cela.", "Ici, on répond vite."])
def test_french_on_is_a_hint_without_a_proposal(text: str) -> None:
    finding = only(text, "fr", "on")
    assert (finding.severity, finding.suggestion) == (Severity.HINT, None)


@pytest.mark.parametrize(
    ("text", "plural"),
    [("Suis dispo en DM.", "Sommes"), ("Ai bien reçu !", "Avons"), ("Désolé du retard.", "Désolés")],
)
def test_a_missing_french_subject_is_a_hint(text: str, plural: str) -> None:
    finding = only(text, "fr", "missing_subject")
    assert (finding.severity, finding.suggestion) == (Severity.HINT, plural)


@pytest.mark.parametrize("text", ["Hope this helps!", "Am looking into it."])
def test_a_missing_english_subject_is_a_hint(text: str) -> None:
    assert only(text, "en", "missing_subject").severity is Severity.HINT


@pytest.mark.parametrize(("we", "plural"), [("kami", "Kami akan semak."), ("kita", "Kita akan semak.")])
def test_malay_says_kami_or_kita_as_the_profile_wishes(we: str, plural: str) -> None:
    result = check("Saya akan semak.", language="ms", profile=VoiceProfile(malay_we=we))
    assert result.rewritten == plural
    assert result.findings[0].reason == f"voice.malay.{we}"


@pytest.mark.parametrize("language", ["ms", "id", "ms/id"])
def test_malay_and_indonesian_share_their_rules(language: str) -> None:
    assert check("Saya cek dulu ya.", language=language).rewritten == "Kami cek dulu ya."


@pytest.mark.parametrize(
    ("text", "plural"),
    [
        ("I am sorry, we will check the order.", "We are sorry, we will check the order."),
        ("je regarde les détails pour vous", "nous regardons les détails pour vous"),
        ("creo que es para el lunes", "creemos que es para el lunes"),
        ("saya akan semak untuk anda", "kami akan semak untuk anda"),
    ],
)
@pytest.mark.parametrize("language", [None, "other", "de"])
def test_without_a_known_language_the_text_itself_tells(text: str, plural: str, language: str | None) -> None:
    assert check(text, language=language).rewritten == plural


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Ma non me lo dice mai, mi piace così."),
        ("pt", "Eu me chamo Ana e gosto de mi."),
        ("de", "Das ist I und II."),
    ],
)
def test_a_text_in_a_language_without_rules_is_left_alone(language: str, text: str) -> None:
    assert check(text, language=language).findings == ()


def test_the_languages_of_the_profile_bound_the_guess() -> None:
    french = VoiceProfile(languages=("fr",))
    assert check("je regarde", language=None, profile=french).rewritten == "nous regardons"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "See @I_am and #MyDay at https://i.example/my, or mail my@mail.example."),
        ("fr", "Suivez @mon_compte et #jesuis sur https://mes.example/je"),
        ("es", "Sigue a @yo y #creo en https://mi.example/me"),
        ("ms", "Ikuti @saya dan #aku di https://saya.example/ku"),
    ],
)
def test_handles_hashtags_links_and_addresses_are_not_words(language: str, text: str) -> None:
    assert said(check(text, language=language)) == []


@pytest.mark.parametrize(
    ("language", "text", "plural"),
    [
        ("en", "Ι am here", "We are here"),
        ("en", "І am here", "We are here"),
        ("en", "Ｉ am here", "We are here"),
        ("en", "𝐈 am here", "We are here"),
        ("en", "I\u200b am here", "We are here"),
        ("en", "m\u00ady parcel", "our parcel"),
        ("en", "I&#39;m here &amp; my <b>team</b> too", "We&#39;re here &amp; our <b>team</b> too"),
        ("en", "\u202eI am here", "\u202eWe are here"),
        ("fr", "J\u2019e\u0301tais la\u0300.", "Nous étions la\u0300."),
        ("es", "Envi\u0301ame el dato, ha\u0301blame.", "Envíanos el dato, háblanos."),
        ("es", "Este\u0301 o no, cre\u0301o que si\u0301", None),
    ],
)
def test_a_hidden_word_is_still_found(language: str, text: str, plural: str | None) -> None:
    assert check(text, language=language).rewritten == plural


def test_greek_and_russian_texts_are_not_read_as_latin() -> None:
    assert check("Ι Αθήνα είναι όμορφη", language="en").findings == ()
    assert check("Київ і Львів чекають", language="en").findings == ()


def test_every_reason_of_every_case_is_explained() -> None:
    strict = VoiceProfile(banned=("a",), emoji="none", hashtags="none", sign_off="^X", reading_level=1)
    given = {
        finding.reason
        for case in cases()
        for finding in check(case.values[1] + ' "I" 🎉 #x', language=case.values[0], profile=strict).findings
    }
    assert given <= set(REASONS)
    assert len(given) > 12
