"""Why a repeat cannot be used: a stable code for programs, and the piece of the rule that is at fault."""


class RuleError(ValueError):
    """A rule, zone or start that cannot be used.

    Codes: ``rule_unreadable`` · ``rule_part_unknown`` · ``rule_value`` · ``rule_too_often`` · ``rule_two_ends`` ·
    ``rule_no_such_day`` · ``rule_never`` · ``rule_over`` · ``zone_unknown``. ``piece`` is what was given there.
    """

    def __init__(self, code: str, piece: str = "") -> None:
        super().__init__(f"{code}: {piece}" if piece else code)
        self.code = code
        self.piece = piece
