"""National numbering plans, as ``phonenumbers`` knows them, asked as seldom as possible.

The library is imported when the first number is met: 7 MB and 60 ms that most texts never need.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

ANY_COUNTRY = "ZZ"  # the library's word for a number that brings its country code
# How free and premium numbers begin somewhere: only these are asked whether they are one.
_MAY_BE_A_SERVICE = re.compile(
    r"\+\d{1,3}(?:8|9|1[389]\d0|3[03])|0?(?:8[0-24579]|90|3[03])|8(?:33|44|55|66|77|88)|1[389]\d0|18[0-9]{2}"
)


def is_valid(digits: str, region: str) -> bool:
    """Whether the digits are a number of the region's plan (``ANY_COUNTRY`` when they begin with "+")."""
    number = _parsed(digits, region)
    if number is None:
        return False
    from phonenumbers import is_valid_number

    return is_valid_number(number)


def is_a_service(digits: str, regions: Sequence[str]) -> bool:
    """Whether the digits can only be a free, shared-cost or premium number: a company's, never a person's."""
    if not _MAY_BE_A_SERVICE.match(digits):
        return False
    from phonenumbers import PhoneNumberType, number_type

    service = {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    }
    kinds = {number_type(number) for region in regions if (number := _parsed(digits, region))}
    kinds.discard(PhoneNumberType.UNKNOWN)
    return bool(kinds) and kinds <= service


def _parsed(digits: str, region: str) -> "PhoneNumber | None":
    if region != ANY_COUNTRY and not _has_length_of(digits, region):
        return None
    import phonenumbers

    try:
        return phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None


def _has_length_of(digits: str, region: str) -> bool:
    """The cheap question before the whole plan is asked: are there as many digits as the region's numbers have?"""
    prefix, lengths = _lengths(region)
    return len(digits.removeprefix(prefix)) in lengths or len(digits) in lengths


@lru_cache(maxsize=300)
def _lengths(region: str) -> tuple[str, frozenset[int]]:
    """The trunk prefix of a region ("0" or nothing) and how many digits follow it."""
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(region.upper(), None)
    if plan is None or plan.general_desc is None:
        return "", frozenset()
    return plan.national_prefix or "", frozenset(plan.general_desc.possible_length)
