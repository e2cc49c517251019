"""How one account speaks: who says "we", in which languages, and with which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Self

from pluralis.core.findings import Severity

AccountKind = Literal["main", "support", "event", "contest", "employee", "persona"]
EmojiPolicy = Literal["any", "few", "none"]
HashtagPolicy = Literal["any", "few", "none", "required"]
MalayWe = Literal["kami", "kita"]

FEW_EMOJI = 2
"""How many emoji the policy *few* lets stand in one text."""
FEW_HASHTAGS = 2
"""How many hashtags the policy *few* lets stand in one text."""

# Kinds of account behind which one named person stands: they may say "I".
_MAY_SAY_I: frozenset[str] = frozenset({"employee", "persona"})

# "I" is shown, not refused: an agent who must answer in two minutes would meet a wall. A lead may raise it.
DEFAULT_SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {
        "first_person": Severity.WARN,
        "first_person_verb": Severity.WARN,
        "shared_form": Severity.HINT,
        "quoted": Severity.HINT,
        "on": Severity.HINT,
        "missing_subject": Severity.HINT,
        "banned_word": Severity.WARN,
        "preferred_word": Severity.HINT,
        "sign_off": Severity.HINT,
        "emoji": Severity.HINT,
        "hashtag": Severity.HINT,
        "reading_level": Severity.HINT,
    }
)

# Labels of buttons and pages in which "my" is the product's word, not the writer's.
DEFAULT_ALLOWED: tuple[str, ...] = (
    "My Account",
    "My Orders",
    "My Bookings",
    "My Profile",
    "Mon compte",
    "Mon espace",
    "Mon espace client",
    "Mon profil",
    "Mes commandes",
    "Mes factures",
    "Mes réservations",
    "Mi cuenta",
    "Mi perfil",
    "Mis pedidos",
    "Mis facturas",
    "Mis reservas",
    "Akaun Saya",
    "Akun Saya",
    "Profil Saya",
    "Pesanan Saya",
    "Tempahan Saya",
)


@dataclass(frozen=True, slots=True)
class VoiceProfile:
    """The voice of one account; every field has a default that suits a company's main account.

    ``required`` says whether the account must speak as "we". ``banned`` words are refused and ``preferred`` maps
    a word to what is said instead; both compare whole words without regard to case. ``sign_off`` is what a text
    must end with. ``reading_level`` is the greatest number of words that a sentence should have.
    ``allowed`` are labels in which "my" is not the writer. ``severities`` overrides :data:`DEFAULT_SEVERITIES`
    rule by rule. Lists and plain strings, as they come out of a stored profile, serve as well.
    """

    required: bool = True
    languages: tuple[str, ...] = ("en", "fr", "es", "ms")
    banned: tuple[str, ...] = ()
    preferred: Mapping[str, str] = field(default_factory=dict)
    sign_off: str = ""
    emoji: EmojiPolicy = "any"
    hashtags: HashtagPolicy = "any"
    reading_level: int | None = None
    allowed: tuple[str, ...] = DEFAULT_ALLOWED
    severities: Mapping[str, Severity] = field(default_factory=dict)
    malay_we: MalayWe = "kami"

    def __post_init__(self) -> None:
        unknown = set(self.severities) - set(DEFAULT_SEVERITIES)
        if unknown:
            raise ValueError(f"no such voice rule: {', '.join(sorted(unknown))}")

    @classmethod
    def for_account(cls, kind: AccountKind | str) -> Self:
        """Return the profile an account of this kind starts with; ``ValueError`` if there is no such kind."""
        if kind not in ("main", "support", "event", "contest", "employee", "persona"):
            raise ValueError(f"no such kind of account: {kind}")
        return cls(required=kind not in _MAY_SAY_I)

    def severity(self, rule: str) -> Severity:
        """Return how serious a finding of this rule is for this account."""
        return Severity(self.severities.get(rule, DEFAULT_SEVERITIES[rule]))
