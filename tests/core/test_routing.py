"""Who gets a new conversation: cases as data, fairness measured."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.routing import Newcomer, Person, Reason, Routed, Rule, route, route_all

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BOB = Person("bob", True, 2, frozenset({"en", "fr"}))
SITI = Person("siti", True, 5, frozenset({"ms", "en"}))
WEI = Person("wei", False, 0, frozenset({"zh"}))
ANY = Person("any", True, 9)
ALL = Rule("all")
FRENCH = Newcomer("main", "fr", "question")

CASES = [
    ("least load wins", Newcomer("main", "en"), [ALL], [BOB, SITI], Routed(Reason.GIVEN, "bob", "all")),
    ("who speaks it gets it", Newcomer("main", "ms"), [ALL], [BOB, SITI], Routed(Reason.GIVEN, "siti", "all")),
    ("no stated language means any", Newcomer("main", "es"), [ALL], [BOB, ANY], Routed(Reason.GIVEN, "any", "all")),
    ("nobody speaks it", Newcomer("main", "zh"), [ALL], [BOB, SITI], Routed(Reason.NOBODY_SPEAKS, rule="all")),
    ("nobody on duty", FRENCH, [ALL], [WEI], Routed(Reason.NOBODY_ON_DUTY, rule="all")),
    ("no people at all", FRENCH, [ALL], [], Routed(Reason.NOBODY_ON_DUTY, rule="all")),
    ("no rules", FRENCH, [], [BOB], Routed(Reason.NO_RULE)),
    ("no rule fits", FRENCH, [Rule("x", account="shop")], [BOB], Routed(Reason.NO_RULE)),
    ("off duty by rule", Newcomer("main", "zh"), [Rule("x", on_duty_only=False)], [BOB, WEI],
     Routed(Reason.GIVEN, "wei", "x")),
    ("any language by rule", Newcomer("main", "zh"), [Rule("x", speakers_only=False)], [BOB],
     Routed(Reason.GIVEN, "bob", "x")),
    ("named only", FRENCH, [Rule("x", members=frozenset({"any"}))], [BOB, ANY], Routed(Reason.GIVEN, "any", "x")),
    ("named are off", FRENCH, [Rule("x", members=frozenset({"wei"}))], [BOB, WEI],
     Routed(Reason.NOBODY_ON_DUTY, rule="x")),
    ("full", FRENCH, [Rule("x", most_load=2)], [BOB], Routed(Reason.ALL_FULL, rule="x")),
    ("one below full", FRENCH, [Rule("x", most_load=3)], [BOB], Routed(Reason.GIVEN, "bob", "x")),
    ("the first fitting rule decides", FRENCH, [Rule("a", kind="praise"), Rule("b", language="fr"), ALL], [BOB],
     Routed(Reason.GIVEN, "bob", "b")),
    ("the next one helps out", FRENCH, [Rule("a", members=frozenset({"wei"})), ALL], [BOB, WEI],
     Routed(Reason.GIVEN, "bob", "all")),
    ("the first reason is told", FRENCH, [Rule("a", most_load=1), Rule("b", members=frozenset({"wei"}))], [BOB, WEI],
     Routed(Reason.ALL_FULL, rule="a")),
    ("private only", FRENCH, [Rule("p", private=True)], [BOB], Routed(Reason.NO_RULE)),
    ("private", Newcomer("main", "fr", "", True), [Rule("p", private=True)], [BOB], Routed(Reason.GIVEN, "bob", "p")),
    ("by account", FRENCH, [Rule("x", account="main")], [BOB], Routed(Reason.GIVEN, "bob", "x")),
    ("unknown language goes to anybody", Newcomer("main"), [ALL], [SITI], Routed(Reason.GIVEN, "siti", "all")),
]  # fmt: skip


@pytest.mark.parametrize(("new", "rules", "people", "expected"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_a_conversation_goes_where_the_rules_say(new: Newcomer, rules: list, people: list, expected: Routed) -> None:
    assert route(new, rules, people) == expected


def test_who_states_the_language_comes_before_who_states_none() -> None:
    people = [Person("any", True, 0), Person("fr", True, 0, frozenset({"fr"}))]
    assert route(FRENCH, [ALL], people).member == "fr"


def test_among_equals_the_one_who_waited_longest_gets_the_next() -> None:
    people = [Person("a", True, 1, given_at=NOW), Person("b", True, 1, given_at=NOW - timedelta(hours=1)),
              Person("c", True, 1)]  # fmt: skip
    assert [each.member for each in route_all([FRENCH] * 3, [ALL], people, NOW)] == ["c", "b", "a"]


@given(st.integers(1, 12), st.integers(0, 400), st.lists(st.integers(0, 30), min_size=12, max_size=12))
def test_nobody_carries_two_more_than_anybody_else_who_began_with_as_much(
    number: int, many: int, loads: list[int]
) -> None:
    """Fairness: what is given fills up from below, so that final loads differ by at most one above the start."""
    people = [Person(each, True, loads[each]) for each in range(number)]
    given_to = [each.member for each in route_all([FRENCH] * many, [ALL], people, NOW)]
    final = [loads[each] + given_to.count(each) for each in range(number)]
    served = [final[each] for each in range(number) if given_to.count(each)]
    assert len(given_to) == many
    assert not served or max(served) - min(final) <= 1


def test_an_uneven_day_stays_fair() -> None:
    """Four languages, six people, people come and go off load: measured as the widest gap among equals."""
    chance = random.Random(7)
    people = [Person(f"{language}{number}", True, 0, frozenset({language})) for language in ("en", "fr", "es")
              for number in range(2)]  # fmt: skip
    news = [Newcomer("main", chance.choice(["en", "en", "en", "fr", "es"])) for _each in range(1000)]
    given_to = [each.member for each in route_all(news, [ALL], people, NOW)]
    for language in ("en", "fr", "es"):
        shares = [given_to.count(f"{language}{number}") for number in range(2)]
        assert abs(shares[0] - shares[1]) <= 1 and sum(shares) == sum(one.language == language for one in news)
