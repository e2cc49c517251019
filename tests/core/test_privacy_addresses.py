"""Postal addresses: where they begin and end, and the many places that are nobody's."""

import pytest

from pluralis.core.privacy import find
from pluralis.core.privacy.model import LIKELY, SURE, WEAK


def addresses(text: str) -> list[str]:
    return [data.text for data in find(text) if data.type == "ADDRESS"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("at 12 Mill Lane, Leeds LS1 2AB and nobody came", "12 Mill Lane, Leeds LS1 2AB"),
        ("Flat 3, 154 Church Road, Bristol BS1 4QT.", "Flat 3, 154 Church Road, Bristol BS1 4QT"),
        ("au 12 bis rue des Lilas, 31000 Toulouse svp", "12 bis rue des Lilas, 31000 Toulouse"),
        ("12 rue victor hugo", "12 rue victor hugo"),
        ("avenue Foch 75116 Paris", "avenue Foch 75116 Paris"),
        ("C/ Gran Vía 22, 3º B, 48001 Bilbao", "C/ Gran Vía 22, 3º B, 48001 Bilbao"),
        ("Plaza España 60, 46005 Valencia y", "Plaza España 60, 46005 Valencia"),
        ("No 107 Taman Desa Jaya, 81102 Johor Bahru, tiada", "No 107 Taman Desa Jaya, 81102 Johor Bahru"),
        ("Jl. Sudirman No. 168, Jakarta 10221, tidak", "Jl. Sudirman No. 168, Jakarta 10221"),
        ("Villacher Strasse 89", "Villacher Strasse 89"),
        ("Hersnapvej 75", "Hersnapvej 75"),
        ("P.O. Box 4410", "P.O. Box 4410"),
        ("the corner of Oak Street and Main Road", "the corner of Oak Street and Main Road"),
        ("5100 Quadra 104, Suite 845", "5100 Quadra 104, Suite 845"),
    ],
)
def test_an_address_is_cut_out_with_its_unit_postcode_and_city(text: str, address: str) -> None:
    assert addresses(text) == [address]


def test_addresses_in_a_list_are_apart() -> None:
    assert addresses("2 rue du Helder, 2 rue Drouot") == ["2 rue du Helder", "2 rue Drouot"]


def test_an_address_over_several_lines_is_one() -> None:
    assert addresses("Dana\n12 Mill Lane\nFlat 4\nLeeds LS1 2AB\n") == ["12 Mill Lane\nFlat 4\nLeeds LS1 2AB"]


def test_a_street_without_a_number_counts_where_somebody_lives() -> None:
    assert addresses("j'habite rue de la Paix") == ["rue de la Paix"]
    assert addresses("I live on Church Road") == ["Church Road"]
    assert addresses("la rue de la Paix est belle") == []


def test_a_home_or_a_postcode_makes_an_address_sure() -> None:
    strengths = {text: find(text)[0].strength for text in ("12 Mill Lane", "12 Mill Lane, Leeds LS1 2AB")}

    assert strengths == {"12 Mill Lane": LIKELY, "12 Mill Lane, Leeds LS1 2AB": SURE}
    assert find("my address is 12 Mill Lane")[0].strength == SURE


def test_two_numbers_around_a_name_are_worth_a_look() -> None:
    assert find("to 329 Arenales 946")[0].strength == WEAK


def test_a_name_and_a_number_count_where_something_is_said_to_be() -> None:
    assert addresses("the office is at Dalmatinova 68.") == ["Dalmatinova 68"]
    assert addresses("Dalmatinova 68") == []
    assert addresses("we are on Channel 4, the show is at Gate 12 and the film is in Episode 3") == []


@pytest.mark.parametrize(
    "text",
    [
        "we have 12 places and 3 courts open",
        "20 places de parking, 2 cours de yoga",
        "en 2014 via Tecsol",
        "a las 8 PM CT",
        "more than 300 kampung itu akan digusur",
        "170 Desa di Lamongan",
        "jalan kaki 5 km",
        "la plaza de toros desde 2010",
        "the way to 5 stars, by road or by street",
        "24 March 2018 and 11 May",
        "Chelsea 3 Arsenal 2",
        "Spring 2014, Ring 3",
        "Platz 1 für uns",
        "live in 3 hours",
        "Highway to Hell 1979",
        "Il fut dédié en 493 av. J.-C.",
        "son parc d'Intercity 225",
        "C/O PT Ciptadana 25",
        "McCann C Solarte 3B",
        "Peraturan Presiden No 20 Tahun 2018",
        "25 Tahun Utang Setara 5 Tahun",
        "perumahan Okt 2011",
        "Section 103 Row 8 Seat 10",
    ],
)
def test_places_dates_and_scores_are_nobodys_address(text: str) -> None:
    assert addresses(text) == []


def test_a_telephone_after_an_address_stays_a_telephone() -> None:
    found = find("12 Mill Lane, Leeds LS1 2AB, tel 07911 123456")

    assert [data.type.value for data in found] == ["ADDRESS", "PHONE"]
