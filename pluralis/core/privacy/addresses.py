"""Postal addresses: a street with its number, a box, a corner, and what announces or completes them."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from pluralis.core.privacy.model import LIKELY, SURE, WEAK, DataType
from pluralis.core.privacy.postal import (
    BOX,
    CAPITAL,
    HOUSE,
    NUMBER,
    after_start,
    before_end,
    capital_names,
    corner,
    led_names,
    names,
)
from pluralis.core.privacy.reading import Reading
from pluralis.core.privacy.spans import Candidate
from pluralis.core.privacy.vocabulary import address_words

_WORD = re.compile(r"[^\W\d_]+")
_WINDOW = 70  # characters on either side of a word in which its street may stand
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_DIGITS = re.compile(r"\d+")
_YEAR_SECOND = re.compile(r"\d+ (?:19|20)\d\d\b|.*(?<!\d)(?:19|20)\d\d\.?\Z")
_BEFORE_STREET = re.compile(rf"(?:(?<![\w.,:]){NUMBER}[ ,]{{1,2}}){{1,2}}\Z")
_LINK = re.compile(r"[\s:,>'-]{0,6}(?P<word>[^\W\d_]{1,12})\b|[\s:,>'-]{1,6}")
_SUFFIX = r"(?: (?:u|ut|ter|utja|utca)\b\.?)?"  # Hungarian streets keep theirs in small letters
_STANDING = frozenset({"is", "are", "was", "were", "be", "located", "situated", "lives", "moved", "moving"})
Rule = Callable[[Reading, int, int], tuple[int, int] | None]


def addresses(reading: Reading) -> Iterator[Candidate]:
    """Yield the postal addresses of a text; mostly they hold a number, at home also a street without one."""
    words = reading.words
    # A street in one word needs its number, so that most texts are spared the look at every ending.
    if not words.isdisjoint(_rules()) or (reading.has_digit and any(map(_ends_as_street, words))):
        yield from _by_street(reading)
    if reading.has_digit:
        if not words.isdisjoint(
            ("box", "postbox", "apo", "fpo", "dpo", "postale", "apartado", "casilla", "surat", "pos")
        ):
            yield from (_completed(reading, match.span(), SURE) for match in BOX.finditer(reading.flat))
        yield from _announced(reading)
        yield from _by_form(reading)
    if not words.isdisjoint(("corner", "angle", "esquina", "sudut", "simpang")):
        yield from (Candidate(*match.span(), DataType.ADDRESS, LIKELY) for match in corner().finditer(reading.flat))


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(address_words("joined_to_name")))


def _by_street(reading: Reading) -> Iterator[Candidate]:
    rules, nothing = _rules(), ()
    for word in _WORD.finditer(reading.lower):
        in_name = (_street_in_name,) if reading.has_digit and _ends_as_street(word.group()) else nothing
        for rule in (*rules.get(word.group(), nothing), *in_name):
            span = rule(reading, *word.span())
            if span and address_words("clock").isdisjoint(_WORD.findall(reading.lower, *span)):
                yield _completed(reading, span, LIKELY)
                break


@cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    """The ways in which a street may hang on a word, most telling first."""
    ways: tuple[tuple[str, Rule], ...] = (
        ("after_name", _street_after_name),
        ("before_name", _street_before_name),
        ("before_capital_name", _street_before_capital_name),
        ("area", _area),
        ("door", _unit),
    )
    words = frozenset().union(*(address_words(group) for group, _ in ways))
    return {word: tuple(rule for group, rule in ways if word in address_words(group)) for word in words}


def _ends_as_street(word: str) -> bool:
    if word in address_words("alone_too"):
        return True
    return word.endswith(_endings()) and not word.startswith(_endings())


def _street_before_capital_name(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    """ "12 place de la République", "Jalan Melati No 98", "Plaza España 60"."""
    name = _name_after().match(reading.flat, end)
    if not name:
        return None
    begin = _numbered_from(reading, start)
    numbered = name["number"] and not _is_year(name["number"], reading, name.end())
    if reading.lower[start:end] in address_words("number_first"):
        numbered = None
    if begin < start and "," in reading.flat[name.end("name") : name.end()]:
        numbered = None  # "2 rue du Helder, 2 rue Drouot" are two
    stop = name.end() if numbered else name.end("name")
    if begin < start or numbered or _is_home(reading, start) or _is_completed(reading, stop):
        return begin, stop
    return None


def _numbered_from(reading: Reading, start: int) -> int:
    """Where the house number before a street begins; ``start`` itself when there is none, or only a year."""
    number = _BEFORE_STREET.search(reading.flat[max(0, start - 14) : start])
    if number is None or _YEAR.match(number.group().rstrip(" ,")):
        return start
    return start - len(number.group())


def _area(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    """A quarter or an estate, which is an address with "No" or "Lot" before it or a postcode after it."""
    name = _name_after().match(reading.flat, end)
    if not name:
        return None
    begin = _numbered_from(reading, start)
    lot = begin < start and _lot().search(reading.flat[max(0, begin - 6) : begin])
    if lot or _is_completed(reading, name.end("name")):
        return begin, name.end("name")
    return None


@cache
def _lot() -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?i:no|lot|unit)\.? ?\Z")


def _street_before_name(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    """The same for words that are nothing but streets, so that the name may be in small letters."""
    span = _street_before_capital_name(reading, start, end)
    if span:
        return span
    begin = _numbered_from(reading, start)
    if begin < start and reading.lower[start:end] in address_words("small_name"):
        name = _small_name_after().match(reading.flat, end)
        return (begin, name.end()) if name else None
    name = _small_name_and_number_after().match(reading.flat, end)
    if not name or _YEAR.match(name["number"]):
        return None
    vouched = name["sign"] or _is_home(reading, start) or _is_completed(reading, name.end())
    return (begin, name.end()) if vouched else None


# "C/ Mayor", "Jl. Merdeka", "rue Foch", but neither "C/O", "C Solarte" nor "493 av. J.-C."
_BETWEEN = r"(?:[./] ?|(?<!\b[Cc]) )(?:\. ?)?(?!O\b|J\.?-C)"
_SIGN = r"(?i:n[o°.]{0,2}|num(?:ero)?\.?|nomor|nomer|bil\.?|tidak|#)"
_HOUSE = rf",? (?P<sign>{_SIGN} ?)?(?P<number>{HOUSE})"


@cache
def _name_after() -> re.Pattern[str]:
    return re.compile(rf"{_BETWEEN}(?P<name>{led_names(6)}|\d{{1,3}}/\d{{1,4}}[A-Z]?\b)(?:{_HOUSE})?")


@cache
def _small_name_after() -> re.Pattern[str]:
    return re.compile(rf"{_BETWEEN}{names(4)}")


@cache
def _small_name_and_number_after() -> re.Pattern[str]:
    return re.compile(rf"{_BETWEEN}{names(4)}?{_HOUSE}")


def _street_after_name(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    """ "12 Mill Lane"; in small letters only where somebody is said to live."""
    capital = reading.flat[start].isupper()
    leading = reading.flat[max(0, start - _WINDOW) : start]
    named = (_numbered_name() if capital else _numbered_small_name()).search(leading)
    if named and (capital or _is_home(reading, start - len(named.group())) or _is_completed(reading, end)):
        return start - len(named.group()), end
    if capital and reading.lower[start:end] in address_words("bare_street"):
        named = _bare_name().search(leading)
        if named and _is_home(reading, start - len(named.group())):
            return start - len(named.group()), end
    return None


@cache
def _numbered_name() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<![\w.,:]){NUMBER}[ ,]{{1,2}}){{1,2}}{capital_names(4)} \Z")


@cache
def _numbered_small_name() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<![\w.,:]){NUMBER}[ ,]{{1,2}}){{1,2}}{names(3)} \Z")


@cache
def _bare_name() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){capital_names(3)} \Z")


def _street_in_name(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    """ "Villacher Strasse 89", "Hersnapvej 75", in the languages that write the street as one word."""
    number = _number_after().match(reading.flat, end)
    if not number or _is_year(number["number"], reading, number.end()):
        return None
    if not reading.flat[start].isupper() and not _is_home(reading, start):
        return None
    leading = _names_before().search(reading.flat[max(0, start - _WINDOW) : start])
    return start - (len(leading.group()) if leading else 0), number.end()


@cache
def _number_after() -> re.Pattern[str]:
    return re.compile(rf"\.?,? (?P<number>{NUMBER})\.?")


@cache
def _names_before() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:\d{{2,5}} )?{capital_names(2)} \Z")


def _unit(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    """ "5100 Quadra 104, Suite 845": the unit tells that what stands before it is a street."""
    unit = _unit_number().match(reading.flat, end)
    if not unit:
        return None
    street = _street_before_unit().search(reading.flat[max(0, start - _WINDOW) : start])
    if street:
        return start - len(street.group()), unit.end()
    if _street_after_unit().match(reading.flat, unit.end()) or _is_home(reading, start):
        return start, unit.end()
    return None


@cache
def _unit_number() -> re.Pattern[str]:
    return re.compile(r"\.? ?#?\d{1,5}[A-Za-z]?\b")


@cache
def _street_before_unit() -> re.Pattern[str]:
    gap = r"[ ,.>?]{0,5}(?:\n[ >?]{0,6})?"
    return re.compile(rf"(?<!\w)(?:\d{{1,5}} ){{0,2}}{names(6)}(?: \d{{1,5}}\.?)?{gap}\Z")


@cache
def _street_after_unit() -> re.Pattern[str]:
    return re.compile(rf"[ ,]{{1,2}}\d{{1,5}} {capital_names(1)}")


def _announced(reading: Reading) -> Iterator[Candidate]:
    """What a word such as "lives" or "address" leads to: a number and a name, with no word for a street."""
    if reading.words.isdisjoint(address_words("home")):
        return
    form = _home_form(reading.flat == reading.lower)
    for word in _WORD.finditer(reading.lower):
        if word.group() in address_words("home"):
            found = form.match(reading.flat, _after_linking_words(reading, word.end()))
            if found and not _is_no_street(found.group()):
                yield _completed(reading, found.span(), LIKELY)


def _after_linking_words(reading: Reading, place: int) -> int:
    """Where the words that only lead on ("is now at the") end after a place; at most eight of them."""
    for _ in range(8):
        link = _LINK.match(reading.lower, place)
        if not link or (link["word"] and link["word"] not in address_words("linking")):
            break
        place = link.end()
    return place


@cache
def _home_form(small: bool) -> re.Pattern[str]:
    name = names(5) if small else capital_names(5)
    both = rf"\d{{2,5}},? (?:\d{{1,5}} {name}|{name} \d{{1,5}}\b\.?)"
    one = rf"|\d{{1,5}}[a-d]?,? {name}|{name} (?:and {name} )?\d{{1,5}}\b(?![/.,:%]\d)\.?" if not small else ""
    return re.compile(rf"(?:the )?(?:{both}{one})(?![\w%€$£])")


def _by_form(reading: Reading) -> Iterator[Candidate]:
    """A building's number, a name and a house number in a row; or a name and a number where something is."""
    forms = [_row_form()] if reading.words.isdisjoint(_STANDING) else [_row_form(), _standing_form()]
    for form in forms:
        for match in form.finditer(reading.flat):
            street = match["street"]
            if not _is_no_street(street) and not _is_counted(street) and not street.isupper():
                yield _completed(reading, match.span("street"), WEAK)


@cache
def _row_form() -> re.Pattern[str]:
    name = capital_names(4)
    row = rf"\d{{2,5}} (?:\d{{1,5}},? {name}|{name}{_SUFFIX} \d{{1,4}}\b(?![.,:]?\d)\.?)"
    return re.compile(rf"(?<![\w.,:€$£#/-])(?P<street>{row})(?![\w%€$£:/-])")


@cache
def _standing_form() -> re.Pattern[str]:
    standing = rf"(?<!\w)(?:{'|'.join(sorted(_STANDING))}) (?:at|on|to|in|near) "
    name = rf"(?={CAPITAL}[^\W\d_]*[a-z]){capital_names(4)}"
    street = rf"{name}{_SUFFIX} \d{{1,4}}\b(?![.,:]?\d)"
    return re.compile(rf"{standing}(?P<street>{street})(?![\w%€$£:/-])")


def _is_counted(street: str) -> bool:
    """Whether the name is of something counted, "Row 8", or the second number is a year."""
    words = {word.lower() for word in _WORD.findall(street)}
    return not address_words("no_street").isdisjoint(words) or _YEAR_SECOND.match(street) is not None


def _is_no_street(street: str) -> bool:
    """Whether a number and a name are "24 March 2018" or "Channel 4", or a year stands first."""
    words = [word.lower() for word in _WORD.findall(street)]
    if not (address_words("month") | address_words("clock")).isdisjoint(words):
        return True
    return _YEAR.match(street[:4]) is not None and not street[4:5].isdigit()


def _is_home(reading: Reading, start: int) -> bool:
    """Whether the words just before a place say that somebody lives there: "my new address is"."""
    homes = address_words("home")
    if reading.words.isdisjoint(homes):
        return False
    for word in reversed(_WORD.findall(reading.lower, max(0, start - 40), start)):
        if word in homes:
            return True
        if word not in address_words("linking"):
            return False
    return False


def _is_year(number: str, reading: Reading, end: int) -> bool:
    return _YEAR.match(number) is not None and not _is_completed(reading, end)


def _is_completed(reading: Reading, end: int) -> bool:
    """Whether a unit or a postcode follows, perhaps after a city."""
    following = after_start().match(reading.flat, end)
    return following is not None and any(not _YEAR.match(run) for run in _DIGITS.findall(following.group()))


def _completed(reading: Reading, street: tuple[int, int], strength: float) -> Candidate:
    """Stretch a street over the unit before it, and the unit, postcode, city and country after it."""
    start, end = street
    leading = before_end().search(reading.flat[max(0, start - 40) : start])
    begin = start - len(leading.group()) if leading else start
    trailing = after_start().match(reading.flat, end)
    stop = trailing.end() if trailing else end
    if reading.flat[stop - 1] == ".":  # the sentence's, not the street's
        stop -= 1
    complete = any(c.isdigit() for c in reading.flat[end:stop]) or _is_home(reading, begin)
    return Candidate(begin, stop, DataType.ADDRESS, SURE if complete else strength)
