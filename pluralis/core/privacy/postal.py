"""The grammar of postal addresses: house numbers, names of streets, and what stands before and after them.

Every expression is bounded, and is matched at a place or against a short slice, so that no text makes it slow.
"""

import re
from functools import cache

from pluralis.core.privacy.vocabulary import address_words, any_of

# After flattening, capitals are those of plain Latin, a few letters without a plain form, Greek and Cyrillic.
CAPITAL = r"[A-ZÆÞŒØ\u0391-\u03a9\u0410-\u042f∆]"
_NAME = rf"{CAPITAL}(?:[^\W\d_]|['’-]){{0,30}}(?!\w)\.?"
_LOWER_NAME = r"[^\W\d_][\w'’-]{1,30}\.?"
# At the end, a house number has four digits at most: five are a postcode.
HOUSE = r"\d{1,4}(?: ?(?:bis|ter|quater)\b|[A-Da-d]\b)?(?:[-/]\d{1,4}[a-d]?)?(?![\w€$£%])(?![.,:]\d)"
NUMBER = r"\d{1,5}(?: ?(?:bis|ter|quater)\b|[A-Da-d]\b)?(?:[-/]\d{1,4}[a-d]?)?(?![\w€$£%])(?![.,:]\d)"
POSTCODE = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]?(?: \d[A-Z]{2})?|[A-Z]\d{2}(?: [A-Z0-9]{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d"
    r"|\d{2}-\d{3}|\d{4}-\d{3}|\d{4,6}|\d{3} \d{2})(?![\w€$£%])(?![.,: -]\d)"
)
_GAP = r"[ ,]{1,2}"
_BREAK = r"[ \t,.;>?]{0,6}(?:\n[ \t,.;>?]{0,6}){0,2}"

BOX = re.compile(
    r"(?<!\w)(?i:p\.? ?o\.? ?box|post ?box|postbus|postfach|boite postale|apartado(?: de correos)?|casilla|peti surat"
    r"|kotak pos)\.? ?(?:n[o.°]{0,2} ?)?\d{1,6}|(?<!\w)(?i:psc|unit|cmr) \d{2,5},? (?i:box) \d{1,6}"
    r"|(?<!\w)(?i:apo|fpo|dpo),? (?i:a[aep])[ ,]{1,2}\d{5}(?!\d)"
)


@cache
def _little() -> str:
    return any_of(address_words("little"))


@cache
def capital_names(most: int) -> str:
    """The expression of one to ``most`` capitalised words, small words such as "de la" between them."""
    small = rf"(?:(?:{_little()})\b[.']? ?){{0,3}}"
    unit = rf"(?!(?i:{any_of(address_words('unit'))})\.? [A-Z]{{0,2}}-?\d)"  # "Griya Asri Blok C2" ends at Asri
    return rf"{_NAME}(?: {small}{unit}{_NAME}){{0,{most - 1}}}"


@cache
def led_names(most: int) -> str:
    """The same, where small words may also lead: "rue de la Paix", "avenue d'Italie"."""
    return rf"(?:(?:{_little()})\b\.? ?'?){{0,3}}{capital_names(most)}"


def names(most: int) -> str:
    """The expression of one to ``most`` words, capitalised or not."""
    return rf"{_LOWER_NAME}(?: {_LOWER_NAME}){{0,{most - 1}}}"


@cache
def corner() -> re.Pattern[str]:
    """The corner of two streets, in the five languages."""
    street = rf"(?:\d{{1,5}} ){{0,2}}{capital_names(5)}(?: \d{{1,5}}\.?)?"
    lower = rf"(?:\d{{1,5}} ){{0,2}}{names(4)}(?: \d{{1,5}}\.?)?"
    opening = r"(?:(?:the |la |l'|el )?(?:corner of|angle des?|esquina (?:de|con)|esq\.|sudut|simpang)) "
    return re.compile(
        rf"(?<!\w)(?i:{opening})(?:{street} (?i:and|et|y|con|dan|&) {street}|(?:{lower}) and (?:{lower}))"
    )


@cache
def before_end() -> re.Pattern[str]:
    """What may lead up to an address, to be searched in a slice that ends where the address begins."""
    unit = any_of(address_words("unit"))
    numbered = rf"(?i:{unit})\.? ?#?(?:\d{{1,6}}[A-Za-z]?|[A-Z]\b){_GAP}"
    return re.compile(rf"(?<!\w)(?:{numbered}|\d{{2,5}} )*(?:(?i:{unit})\.? )?\Z")


@cache
def after_start() -> re.Pattern[str]:
    """What may complete an address, to be matched where its street and number end."""
    unit = any_of(address_words("unit"))
    city = rf"{capital_names(4)}(?: \({_NAME}\)| \d{{1,2}}\b)?(?![\w:@])"
    door = r"(?:[A-Z]{1,2}-?)?\d{1,6}[A-Za-z]?(?:-\d{1,4}){0,2}"  # "5", "B2", "C-3-12"
    units = rf"{_BREAK}(?<![^\W_])(?i:{unit})\.? ?[#°o.]{{0,2}} ?{door}(?![\w.]\d)"
    floor = r",? \d{1,2}(?:o|a|er|e|eme)\b(?: (?:\d{1,2}[ao]?|izq|dcha?|[A-D])\b)?"  # "3º 2ª", flattened
    joined = rf"[ \t]{{0,2}}(?:,|-|\n[ >?\t]{{0,6}},?)[ \t]{{0,2}}{city}"
    code = rf"{_BREAK}(?<!\d){POSTCODE}(?:[ ,]{{1,2}}{city})?"
    plain = rf" {city}(?={_GAP}{POSTCODE})"
    return re.compile(rf"(?:{units}|{floor}|{code}|{joined}|{plain}){{0,8}}")
