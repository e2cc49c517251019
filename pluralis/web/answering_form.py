"""The forms about answering: business hours, days off, promised times, alarms, initials, routing."""

import re
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pluralis.core.promises import hours_of
from pluralis.teams.actions.initials import SIGNING
from pluralis.teams.models import LANGUAGES, Account, Membership, Role, ServiceHours
from pluralis.web.forms import ZoneField
from pluralis.web.voice_form import LinesField
from pluralis.web.words import LABELS

_OPENING = re.compile(r"(\d{1,2})[:.hH](\d{2})?\s*[-\u2013]\s*(\d{1,2})[:.hH](\d{2})?")


# The desk's own languages, then those that are told apart besides; each by its own name.
SPOKEN = [*LANGUAGES, ("de", "Deutsch"), ("it", "Italiano"), ("pt", "Português"), ("id", "Bahasa Indonesia"),
          ("zh", "中文")]  # fmt: skip


class OpeningsField(forms.CharField):
    """The openings of a day, ``09:00-12:00, 13:00-18:00``; empty is closed. ``clean`` returns pairs of times."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, max_length=200, widget=forms.TextInput(attrs={"inputmode": "text"}), **options
        )

    def clean(self, value: Any) -> list[list[str]]:
        openings = []
        for piece in filter(None, (one.strip() for one in re.split(r"[,;]", super().clean(value)))):
            hit = _OPENING.fullmatch(piece)
            if hit is None:
                raise forms.ValidationError(_("Write them as 09:00-12:00, 13:00-18:00."))
            begin, end = f"{int(hit[1]):02}:{hit[2] or '00'}", f"{int(hit[3]) % 24:02}:{hit[4] or '00'}"
            openings.append([begin, end])
        try:
            hours_of("UTC", [openings, *[[]] * 6])
        except ValueError as error:
            raise forms.ValidationError(_("Write them as 09:00-12:00, 13:00-18:00.")) from error
        return openings

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(f"{begin}-{'24:00' if end == '00:00' else end}" for begin, end in value)
        return value


class HoursForm(forms.Form):
    """When an account is open, and what it promises in open time."""

    zone = ZoneField(help_text=_("Opening hours follow this wall clock, also when clocks change."))
    always = forms.BooleanField(label=_("Always open"), required=False)
    answer_minutes = forms.IntegerField(
        label=_("First answer within (minutes)"), min_value=1, max_value=129_600, required=False,
        help_text=_("Minutes of open time. Empty promises nothing."),
    )  # fmt: skip
    resolve_minutes = forms.IntegerField(
        label=_("Resolved within (minutes)"), min_value=1, max_value=129_600, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in WEEKDAYS.items():
            self.fields[f"day{number}"] = OpeningsField(label=name)

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of the seven days."""
        return [self[f"day{number}"] for number in range(7)]

    def week(self) -> list[list[list[str]]]:
        """Return the week as it is stored: none at all where it is always open."""
        typed = self.cleaned_data
        return [] if typed["always"] else [typed[f"day{number}"] for number in range(7)]


def hours_initial(row: ServiceHours | None, zone: str) -> dict[str, Any]:
    """Return what the form of a row shows; where there is none, usual office hours."""
    week = row.week if row else []
    shown = week or [[["09:00", "18:00"]]] * 5 + [[], []]
    return {
        "zone": row.zone if row else zone,
        "always": not week,
        "answer_minutes": row.answer_minutes if row else None,
        "resolve_minutes": row.resolve_minutes if row else None,
        **{f"day{number}": shown[number] for number in range(7)},
    }


class DayOffForm(forms.Form):
    """A day on which nobody answers."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(label=_("What it is"), max_length=120, required=False)


class CalendarForm(forms.Form):
    """A calendar file of days off."""

    file = forms.FileField(
        label=_("Calendar file (.ics)"), widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        help_text=_("Its whole-day events become days off. Authorities and calendars offer such files."),
    )  # fmt: skip


class AlarmForm(forms.Form):
    """When it rings and who is told."""

    minutes = forms.IntegerField(
        label=_("Ring when nobody has answered for (minutes)"), min_value=1, max_value=43_200, required=False,
        help_text=_("Minutes of open time. Empty never rings."),
    )  # fmt: skip
    outside_hours = forms.BooleanField(label=_("Outside opening hours too"), required=False)
    mail_on_duty = forms.BooleanField(label=_("Mail whoever is on duty"), required=False)
    mail_to = LinesField(label=_("Mail these addresses too"), help_text=_("One a line."))
    webhook_url = forms.URLField(
        label=_("Call this address"), required=False, max_length=1000, assume_scheme="https",
        help_text=_("A signed POST with times and a link, without anybody's words. A new address gets a new secret."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class InitialsForm(forms.Form):
    """Whose answers are signed."""

    roles = forms.MultipleChoiceField(
        label=_("Answers of these roles end with ^initials"), required=False,
        choices=[(role, Role(role).label) for role in SIGNING],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "checkbox"}),
    )  # fmt: skip
    private = forms.BooleanField(label=_("In private answers too"), required=False)
    legend = forms.BooleanField(
        label=_("A public page tells whose initials they are"), required=False,
        help_text=_("Initials only: a name stands there when its owner agrees, in their profile."),
    )  # fmt: skip


class RuleForm(forms.Form):
    """A rule of routing: for which conversations, and to whom."""

    language = forms.ChoiceField(label=_("Written in"), required=False)
    account = forms.ChoiceField(label=_("To"), required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("of a message", "Kind"), required=False)
    private = forms.ChoiceField(
        label=_("Private or public"), required=False,
        choices=[("", _("Both")), ("1", _("Private only")), ("0", _("Public only"))],
    )  # fmt: skip
    members = forms.MultipleChoiceField(
        label=_("Goes to"), required=False, help_text=_("Nobody chosen means everybody who answers."),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "checkbox"}),
    )  # fmt: skip
    on_duty_only = forms.BooleanField(label=_("Only while they are on duty"), required=False, initial=True)
    speakers_only = forms.BooleanField(label=_("Only to whoever speaks its language"), required=False, initial=True)
    most_load = forms.IntegerField(
        label=_("As long as they hold fewer open ones than"), min_value=1, max_value=1000, required=False
    )

    def __init__(self, *args: Any, accounts: list[Account], members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "language": [("", _("Any language")), *SPOKEN, ("other", _("Another language"))],
            "account": [("", _("Any account")), *((str(each.id), f"@{each.handle}") for each in accounts)],
            "kind": [("", _("Any kind")), *LABELS.items()],
            "members": [(str(each.id), str(each.user)) for each in members],
        }  # fmt: skip
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]


class ClaimsForm(forms.Form):
    """How long a claim lasts without action."""

    minutes = forms.IntegerField(
        label=_("Back to the team after (minutes)"), min_value=0, max_value=10_080,
        help_text=_("When its holder does nothing with somebody who waits. 0 is never."),
    )  # fmt: skip
