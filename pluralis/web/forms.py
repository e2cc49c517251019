"""Forms of the desk: they check shape only. What may be done is decided by the actions."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pluralis.networks.contract import CredentialField
from pluralis.teams.models import LANGUAGES, AccountKind, Role, User

# The browser's own zone is chosen where nothing but UTC was chosen yet.
GUESS = {"data-guess-zone": ""}
REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zone_choices() -> list[tuple[str, list[tuple[str, str]]] | tuple[str, str]]:
    """Return every named time zone, grouped by region, with the city in words."""
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(available_timezones()):
        region, slash, city = name.partition("/")
        if slash and region in groups:
            groups[region].append((name, city.replace("_", " ").replace("/", " / ")))
    return [("UTC", "UTC"), *groups.items()]


class ZoneField(forms.TypedChoiceField):
    """A named time zone."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Time zone"))
        super().__init__(choices=zone_choices, **options)


class ProfileForm(forms.Form):
    """A person's name, language, zone, look and keys."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Your colleagues see it beside what you do.")
    )
    language = forms.ChoiceField(label=_("Language of the desk"), choices=LANGUAGES)
    zone = ZoneField(help_text=_("All times on the desk are told in this zone."))
    theme = forms.ChoiceField(
        label=_("Light or dark"), choices=User.Theme.choices, widget=forms.RadioSelect(attrs={"class": "radio"})
    )
    shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("c claims, r replies, ? shows all. They never act while you write. Ctrl+K always works."),
    )


class SeatForm(forms.Form):
    """What a newcomer says of themselves when they take their seat."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Your colleagues see it beside what you do."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    zone = ZoneField(help_text=_("All times on the desk are told in this zone."), widget=forms.Select(attrs=GUESS))


class TeamForm(forms.Form):
    """What a team is called and where it works."""

    name = forms.CharField(label=_("Name of the team"), max_length=120, help_text=_("Usually the company's name."))
    language = forms.ChoiceField(label=_("Language of the team"), choices=LANGUAGES)
    zone = ZoneField(help_text=_("Posts are planned in this zone unless an account has its own."))


# What each role may do, in the order of the choices.
ROLE_HELP: dict[str, Any] = {
    Role.OWNER: _("Everything, members and roles too."),
    Role.LEAD: _("Writes, answers, approves, stops everything, connects accounts."),
    Role.WRITER: _("Writes, plans and publishes."),
    Role.AGENT: _("Answers messages and writes drafts."),
    Role.EMPLOYEE: _("Posts from their own account only."),
    Role.VIEWER: _("Sees everything, changes nothing."),
}
ROLES = [(role.value, role.label) for role in Role]


class InvitationForm(forms.Form):
    """A seat for somebody new."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=pgettext_lazy("of a member", "Role"), choices=ROLES, initial=Role.AGENT)


class MemberForm(forms.Form):
    """What a member is in the team."""

    role = forms.ChoiceField(label=pgettext_lazy("of a member", "Role"), choices=ROLES)
    initials = forms.CharField(
        label=_("Initials"),
        max_length=4,
        required=False,
        help_text=_("Some answers are signed with them, such as ^BT."),
    )
    may_post_by_hand = forms.BooleanField(
        label=_("May post by hand"),
        required=False,
        help_text=_("For what a network allows only in its own app: this person knows the account's sign-in."),
    )


class AccountForm(forms.Form):
    """The part an account plays, its language and zone."""

    kind = forms.ChoiceField(
        label=_("Part to play"), choices=AccountKind.choices, widget=forms.RadioSelect(attrs={"class": "radio"})
    )
    language = forms.ChoiceField(
        label=_("Language it writes in"), choices=[("", _("No fixed language")), *LANGUAGES], required=False
    )
    zone = ZoneField()


class HostForm(forms.Form):
    """Which instance of a network of many."""

    host = forms.CharField(
        label=_("Instance"),
        max_length=255,
        help_text=_("The name in the browser's address bar, such as mastodon.social."),
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=_("Part to play"), choices=AccountKind.choices)


def keys_form(declared: tuple[CredentialField, ...], *args: Any, **kwargs: Any) -> forms.Form:
    """Return a form with one box for each credential that a connector declared.

    Labels and help texts are message keys of the connector; secrets are never sent back to the browser.
    """
    fields: dict[str, forms.Field] = {}
    for one in declared:
        widget = forms.PasswordInput if one.secret else forms.TextInput
        fields[one.name] = forms.CharField(
            label=_(one.label),
            help_text=_(one.help) if one.help else "",
            required=one.required,
            strip=True,
            max_length=4096,
            widget=widget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )
    form: forms.Form = type("KeysForm", (forms.Form,), fields)(*args, **kwargs)
    return form
