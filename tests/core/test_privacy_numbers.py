"""Telephones, bank accounts, cards and national ids: the proof each needs, and what is mistaken for them."""

import pytest

from pluralis.core.privacy import find
from pluralis.core.privacy.model import LIKELY, PROVED, SURE, WEAK


def only(text: str, **options: object) -> tuple[str, str, float]:
    found = find(text, **options)  # type: ignore[arg-type]
    assert len(found) == 1, found
    return found[0].type.value, found[0].text, found[0].strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("+33 6 12 34 56 78", PROVED),
        ("0033612345678", PROVED),
        ("+33 6 12 34 56", LIKELY),
        ("appelez le 06 12 34 56 78", SURE),
        ("06 12 34 56 78", LIKELY),
        ("call 467 3395", LIKELY),
    ],
)
def test_a_telephone_is_as_strong_as_its_proof(text: str, strength: float) -> None:
    assert only(text)[0] == "PHONE"
    assert only(text)[2] == strength


def test_a_national_number_counts_only_in_the_regions_asked_for() -> None:
    assert only("0857-8811-5370", regions=["ID"])[0] == "PHONE"
    assert find("0857-8811-5370", regions=["FR"]) == ()


def test_an_unmistakable_form_in_no_plan_is_worth_a_look() -> None:
    assert only("415-555-2671", regions=["FR"])[2] == WEAK


def test_the_language_chooses_the_regions() -> None:
    assert only("9123 4567", language="ms")[0] == "PHONE"
    assert find("9123 4567", language="fr") == ()


def test_two_numbers_in_a_row_are_two() -> None:
    found = find("06 12 34 56 78 / 01 42 68 53 00")

    assert [data.text for data in found] == ["06 12 34 56 78", "01 42 68 53 00"]


def test_an_extension_belongs_to_the_number() -> None:
    assert only("call 345-899-3560x4587")[1] == "345-899-3560x4587"


@pytest.mark.parametrize(
    "text",
    [
        "call on 30/06/2025 or 2025-06-30",
        "call 112",
        "call us, 1 250 000 customers do",
        "tel 12.50 € or 1.299.000 euros",
        "build 10.0.19045.4291",
        "the 2019-2020 season",
        "my hp 520-1030a prints no more",
        "flight 2348/3499",
        "ISBN 2226116214",
        "ISBN 0 - 06 - 066935 - 7",
        "ISBN 220725478X, NPSN 20109269",
        "Intercept: -0.3931 (0.0076)",
    ],
)
def test_dates_amounts_versions_and_names_of_things_are_no_telephones(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("call 0800 123 4567", ["GB"]),
        ("call 1-800-275-2273", ["US"]),
        ("appelez le 0 800 123 456", ["FR"]),
        ("appelez le 0 892 70 12 39", ["FR"]),
        ("llama al 900 123 456", ["ES"]),
        ("hubungi 1-300-88-1234", ["MY"]),
        ("+33 800 123 456", []),
    ],
)
def test_a_free_or_premium_number_is_a_companys_and_no_persons(text: str, regions: list[str]) -> None:
    assert [data.type for data in find(text, regions=regions) if data.type == "PHONE"] == []


def test_a_number_that_is_free_in_one_region_and_a_mobile_in_another_counts() -> None:
    assert only("hubungi 0812-3456-7890", regions=["FR", "ID"])[0] == "PHONE"


@pytest.mark.parametrize("written", ["4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111"])
def test_a_card_checks_however_it_is_grouped(written: str) -> None:
    assert only(written) == ("CARD", written, PROVED)


def test_a_card_is_found_beside_its_expiry_date() -> None:
    assert only("4111 1111 1111 1111 12/27 123")[:2] == ("CARD", "4111 1111 1111 1111")


@pytest.mark.parametrize(
    ("text", "strength"),
    [("my card is 4111 1111 1111 1112", LIKELY), ("4111 1111 1111 1112", WEAK), ("cc 503802053770", PROVED)],
)
def test_a_mistyped_or_short_card_is_weaker_or_needs_its_word(text: str, strength: float) -> None:
    assert only(text)[0] == "CARD"
    assert only(text)[2] == strength


def test_an_article_number_is_no_card() -> None:
    assert find("EAN 4006381333931") == ()


def test_an_iban_ends_where_its_country_says() -> None:
    assert only("FR76 3000 6000 0112 3456 7890 189 svp")[1] == "FR76 3000 6000 0112 3456 7890 189"
    assert only("fr7630006000011234567890189")[2] == PROVED


def test_an_iban_with_a_wrong_digit_still_counts_and_more_so_beside_its_word() -> None:
    assert only("GB29 NWBK 6016 1331 9268 18")[2] == LIKELY
    assert only("IBAN GB29 NWBK 6016 1331 9268 18")[2] == SURE


@pytest.mark.parametrize("text", ["de 20 000 juifs roumains de Suceava", "at 10am. Breath work will be part of it"])
def test_words_and_numbers_in_a_row_are_no_iban(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("185057800608491", "185057800608491"),
        ("le 2 97 09 2A 115 023 35?", "2 97 09 2A 115 023 35"),
        ("12345678Z", "12345678Z"),
        ("X1234567L", "X1234567L"),
        ("536-90-4399", "536-90-4399"),
        ("JG 10 37 59 A", "JG 10 37 59 A"),
        ("880415-14-5678", "880415-14-5678"),
        ("3171011708450001", "3171011708450001"),
        ("RSSMRA85T10A562S", "RSSMRA85T10A562S"),
    ],
)
def test_an_id_whose_own_check_passes_needs_no_word(text: str, piece: str) -> None:
    assert only(text)[:2] == ("NATID", piece)


@pytest.mark.parametrize("text", ["mi DNI es 12345678A", "NIK 3171011708450", "IC saya 991332-14-5678"])
def test_an_announced_id_counts_with_a_wrong_check_too(text: str) -> None:
    assert only(text)[0] == "NATID"
    assert only(text)[2] == SURE


def test_a_letter_that_begins_the_next_word_makes_no_id_of_a_number() -> None:
    assert only("número de cliente 76145531 y sin respuesta")[:2] == ("REF", "76145531")
