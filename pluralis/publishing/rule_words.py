"""What is wrong with a rule or a zone, said so that the person can mend it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pluralis.core.schedule import RuleError
from pluralis.teams.errors import Invalid, Text

HAPPENED: dict[str, Text] = {
    "rule_unreadable": gettext_lazy("This is no rule that can be read: %(piece)s"),
    "rule_part_unknown": gettext_lazy("A rule cannot hold this part: %(piece)s"),
    "rule_value": gettext_lazy("This value is not possible here: %(piece)s"),
    "rule_too_often": gettext_lazy("A post repeats at most 24 times a day, at times that are named: %(piece)s"),
    "rule_two_ends": gettext_lazy("A repeat ends on a day or after a number of times, not both."),
    "rule_no_such_day": gettext_lazy("No calendar has this day: %(piece)s"),
    "rule_never": gettext_lazy("This rule never fires: no day in the next 40 years fits all of its parts."),
    "rule_over": gettext_lazy("The end lies before the first time."),
    "zone_unknown": gettext_lazy("There is no time zone “%(piece)s”, or it exists no more."),
}
NEXT: dict[str, Text] = {
    "rule_never": gettext_lazy("Take one of its parts away, or start on another day."),
    "rule_no_such_day": gettext_lazy("Choose another day, or -1 for the last day of the month."),
    "rule_over": gettext_lazy("Choose a later end."),
    "zone_unknown": gettext_lazy("Choose a zone from the list, such as Europe/Paris."),
}


def refused_rule(error: RuleError) -> Invalid:
    """Return the error for people: what is wrong, and what to do."""
    happened = str(HAPPENED[error.code]) % {"piece": error.piece or "—"}
    return Invalid(
        error.code,
        happened,
        kept=_("Your post is kept as a draft."),
        next_step=NEXT.get(error.code) or _("Change the rule and try again."),
        fields={"zone" if error.code == "zone_unknown" else "rule": happened},
    )
