"""References: announced by a word, known by their form, or taught by example."""

import json

import pytest

from pluralis.core.privacy import ReferencePattern, find, learn_reference
from pluralis.core.privacy.model import LIKELY, PROVED, SURE, WEAK


def references(text: str, *patterns: ReferencePattern) -> list[str]:
    return [data.text for data in find(text, references=patterns) if data.type == "REF"]


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("order 51716384", "51716384"),
        ("my customer account number is: 51716384", "51716384"),
        ("commande n° A0356669", "A0356669"),
        ("el expediente C2615536 de Ana", "C2615536"),
        ("nombor pelanggan saya ialah NA31752X", "NA31752X"),
        ("laporan 19887090 atas nama", "19887090"),
        ("ticket #4521", "4521"),
        ("ref: 7741-AC", "7741-AC"),
        ("invoice 5501 2234 88", "5501 2234 88"),
        ("88213349 is my order number", "88213349"),
        ("C2615536 es mi pedido", "C2615536"),
    ],
)
def test_a_number_beside_its_word_is_a_reference(text: str, reference: str) -> None:
    assert references(text) == [reference]


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("CT-590497", SURE),
        ("XQ-590497", LIKELY),
        ("2024/18734", LIKELY),
        ("QX62352Z", LIKELY),
        ("2D16028Z", LIKELY),
        ("51716384", WEAK),
        ("RIO 01P AB12CD 3EF", SURE),
    ],
)
def test_a_form_of_its_own_needs_no_word(text: str, strength: float) -> None:
    found = find(text)

    assert [data.type.value for data in found] == ["REF"]
    assert found[0].strength == strength


@pytest.mark.parametrize(
    "text",
    [
        "order 2 of 3",
        "order before 30/06/2025",
        "tiket 10000 / orang",
        "the case of 2023",
        "season ticket 2020/2021",
        "ticket 12.50 €",
        "contrato 500mbs",
        "suivi en direct à 21h30",
        "order by 20250114",
        "ISO20121 is a norm",
        "customers 1,250,000",
        "account @acme2025 or #12345",
        "https://shop.example/order/51716384",
        "see the attached file: Sam3102.doc",
        "crew on 3138 is doing a great job",
    ],
)
def test_amounts_dates_measures_and_links_are_no_references(text: str) -> None:
    assert references(text) == []


@pytest.mark.parametrize("text", ["PNR XKJDRM", "booking reference: QZT4KD", "localizador Z8KQ2M"])
def test_a_booking_code_needs_no_digit_but_its_word(text: str) -> None:
    assert references(text) == [text.split()[-1]]
    assert references(text.split()[-1]) == []


def test_a_booking_code_is_not_read_into_a_shouted_text() -> None:
    assert references("MY BOOKING FAILED AGAIN") == []


@pytest.mark.parametrize(
    ("samples", "notation"),
    [
        (["CT-590497", "CT-118822"], "CT-######"),
        (["CT-590497", "QR-118822"], "@@-######"),
        (["A708279X", "CB62232Y"], "@{1,2}#{5,6}@"),
        (["2023/82214", "2025/119"], "####/#{3,5}"),
        (["43069630"], "########"),
        (["POL 883-22"], "POL ###-##"),
        (["B5520917"], "@#######"),
        (["12-AB", "AB-12"], "##-AB | AB-##"),
        (["8D02946X", "A1", "22", "1-2", "B-2C"], "*{2,8}"),
        (["A#1", "A#2"], "A\\##"),
    ],
)
def test_samples_give_the_shortest_notation_that_fits_them_all(samples: list[str], notation: str) -> None:
    assert learn_reference("x", samples).notation == notation


@pytest.mark.parametrize("samples", [["CT-590497", "CT-118822"], ["A708279X", "CB62232Y"], ["2023/82214", "2025/1"]])
def test_a_taught_pattern_finds_its_samples_and_their_like(samples: list[str]) -> None:
    pattern = learn_reference("dossier", samples, context=["dossier"])

    for sample in samples:
        assert references(f"mon dossier {sample} svp", pattern) == [sample]


@pytest.mark.parametrize("written", ["CT-590497", "ct-590497", "CT590497", "CT 590 497", "CT.590497", "СT-590497"])
def test_a_taught_pattern_does_not_mind_how_a_customer_copies_it(written: str) -> None:
    pattern = learn_reference("contract", ["CT-111111", "CT-222222"])

    assert references(f"hello {written}!", pattern) == [written]


def test_a_form_that_much_else_has_counts_only_beside_its_word() -> None:
    pattern = learn_reference("contract", ["4306", "1187"])

    assert pattern.needs_context
    assert references("le contrat est le 5512", pattern) == ["5512"]
    assert references("il y a 5512 personnes", pattern) == []


def test_without_any_word_a_plain_number_counts_alone_but_is_only_likely() -> None:
    found = find("voilà 5512", references=[learn_reference("zz", ["4306"])])

    assert [data.strength for data in found] == [LIKELY]


def test_a_taught_word_makes_a_reference_proved() -> None:
    pattern = learn_reference("sinistre", ["S-118822", "S-590497"])

    assert find("mon sinistre S-123456", references=[pattern])[0].strength == PROVED


def test_a_name_brings_its_words_in_all_languages() -> None:
    for name in ("Contract number", "numéro de contrat", "nombor kontrak"):
        assert {"contract", "contrat", "contrato", "kontrak"} <= set(learn_reference(name, ["12345"]).context)


def test_a_sentence_gives_its_number_and_the_words_before_it() -> None:
    pattern = learn_reference("x", ["my membership ABO 883-22 is late", "membership ABO 991-23 too"])

    assert pattern.notation == "ABO ###-##"
    assert pattern.context == ("membership",)


def test_the_samples_themselves_are_not_kept() -> None:
    pattern = learn_reference("contract", ["CT-590497", "my contract CT-118822"])

    assert not any(digits in json.dumps(pattern.to_dict()) for digits in ("590497", "118822"))


def test_a_pattern_survives_the_way_into_a_form_and_back() -> None:
    pattern = learn_reference("contract", ["CT-590497", "CT-118822"], context=["my file"])

    assert ReferencePattern.from_dict(json.loads(json.dumps(pattern.to_dict()))) == pattern


def test_a_pattern_may_be_edited_by_hand() -> None:
    values = learn_reference("contract", ["CT-590497", "CT-118822"]).to_dict()
    edited = ReferencePattern.from_dict(values | {"notation": "CT-#{6,7} | KT-####"})

    assert references("KT-5512 and CT-1234567 here", edited) == ["KT-5512", "CT-1234567"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": "x", "notation": ""}, "empty"),
        ({"name": "x", "notation": "CONTRACT"}, "at least one"),
        ({"name": "x", "notation": "#{9,2}"}, "repetition"),
        ({"name": "x", "notation": "#{99}"}, "repetition"),
        ({"name": "x", "notation": "#" * 300}, "longer"),
        ({"name": "x", "notation": "## | "}, "at least one"),
        ({"name": "x", "notation": "####", "needs_context": True}, "context word"),
    ],
)
def test_a_pattern_that_could_find_nothing_is_refused_with_what_to_write(values: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ReferencePattern.from_dict(values)


def test_samples_without_a_number_are_refused() -> None:
    with pytest.raises(ValueError, match="two or three"):
        learn_reference("contract", ["my contract", ""])


def test_a_phrase_may_be_a_context_word() -> None:
    pattern = ReferencePattern("x", "####", ("file number",), needs_context=True)

    assert references("my file number is 5512", pattern) == ["5512"]
    assert references("my file has 5512 pages", pattern) == []
