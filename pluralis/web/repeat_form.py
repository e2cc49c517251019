"""From the fields of a repeat to its order, and from a stored repeat back to the fields."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pluralis.core.delivery import MissedPolicy
from pluralis.core.schedule.rules import DAYS, Rule, RuleError, parse_rule
from pluralis.publishing.actions import RepeatOrder
from pluralis.publishing.models import Delivery, Recurrence
from pluralis.teams.errors import Invalid
from pluralis.web.forms import zone_choices

WORKING_DAYS = ["MO", "TU", "WE", "TH", "FR"]

EVERY: tuple[tuple[str, Any], ...] = (
    ("daily", gettext_lazy("Every day")),
    ("workdays", gettext_lazy("Monday to Friday")),
    ("weekly", gettext_lazy("Every week")),
    ("monthly", gettext_lazy("Every month")),
    ("yearly", gettext_lazy("Every year")),
    ("rule", gettext_lazy("By a rule")),
)
MONTHLY: tuple[tuple[str, Any], ...] = (
    ("day", gettext_lazy("On the same day of the month")),
    ("weekday", gettext_lazy("On the same weekday of the month")),
    ("last", gettext_lazy("On the last day of the month")),
)
ENDS: tuple[tuple[str, Any], ...] = (
    ("never", gettext_lazy("Never")),
    ("on", gettext_lazy("On a day")),
    ("after", gettext_lazy("After a number of times")),
)


@dataclass(frozen=True, slots=True)
class RepeatFields:
    """What stands in the fields, as typed. Templates read the values, :func:`order_of` makes the order."""

    every: str = "weekly"
    interval: str = "1"
    days: tuple[str, ...] = ()
    monthly: str = "day"
    rule: str = ""
    starts_on: str = ""
    local_time: str = ""
    zone: str = "UTC"
    end: str = "never"
    until: str = ""
    count: str = ""
    exceptions: str = ""
    texts: tuple[str, ...] = ()

    @property
    def choices(self) -> dict[str, Any]:
        """What can be chosen."""
        names = [(name, WEEKDAYS_ABBR[number]) for number, name in enumerate(DAYS)]
        return {"every": EVERY, "days": names, "monthly": MONTHLY, "ends": ENDS, "zones": zone_choices()}

    @property
    def blank_texts(self) -> tuple[str, ...]:
        """The texts with room for two more."""
        return (*self.texts, "", "")


def fields_of(data: QueryDict, zone: str, at: datetime | None = None) -> RepeatFields:
    """Return the fields a form holds; with nothing typed yet, the start that ``at`` or the next full hour gives."""
    start = timezone.localtime(at) if at else timezone.localtime().replace(minute=0)
    texts = [one.replace("\r\n", "\n") for one in data.getlist("repeat_text") if one.strip()]
    return RepeatFields(
        every=_one(data, "repeat_every", EVERY),
        interval=data.get("repeat_interval", "1").strip() or "1",
        days=tuple(one for one in data.getlist("repeat_days") if one in DAYS),
        monthly=_one(data, "repeat_monthly", MONTHLY),
        rule=data.get("repeat_rule", "").strip(),
        starts_on=data.get("repeat_from", "") or start.date().isoformat(),
        local_time=data.get("repeat_time", "") or start.strftime("%H:%M"),
        zone=data.get("repeat_zone", "") or zone,
        end=_one(data, "repeat_end", ENDS, "never"),
        until=data.get("repeat_until", ""),
        count=data.get("repeat_count", "").strip(),
        exceptions=data.get("repeat_except", ""),
        texts=tuple(texts),
    )


def _one(data: QueryDict, name: str, choices: tuple[tuple[str, Any], ...], otherwise: str = "") -> str:
    typed = data.get(name, "")
    usual = otherwise or {"repeat_every": "weekly"}.get(name, choices[0][0])
    return typed if typed in dict(choices) else usual


def order_of(fields: RepeatFields, *, missed_policy: str = "", override_reason: str = "") -> RepeatOrder:
    """Return the order the fields make. Raises :class:`Invalid` where a day, time or number cannot be read."""
    starts_on = _date(fields.starts_on, "repeat_from")
    return RepeatOrder(
        rule=_rule(fields, starts_on),
        zone=fields.zone,
        starts_on=starts_on,
        local_time=_time(fields.local_time),
        exceptions=tuple(dict.fromkeys(fields.exceptions.replace(",", " ").split())),
        texts=fields.texts,
        missed_policy=MissedPolicy(missed_policy if missed_policy in Delivery.Missed.values else MissedPolicy.ASK),
        override_reason=override_reason,
    )


def _rule(fields: RepeatFields, start: date) -> str:
    if fields.every == "rule":
        return fields.rule
    parts = _parts(fields, start)
    if _number(fields.interval, "repeat_interval") > 1 and fields.every != "workdays":
        parts["INTERVAL"] = fields.interval
    if fields.end == "on":
        parts["UNTIL"] = _date(fields.until, "repeat_until").strftime("%Y%m%d")
    if fields.end == "after":
        parts["COUNT"] = str(_number(fields.count, "repeat_count"))
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _parts(fields: RepeatFields, start: date) -> dict[str, str]:
    weekday, nth = DAYS[start.weekday()], (start.day - 1) // 7 + 1
    if fields.every == "workdays":
        return {"FREQ": "WEEKLY", "BYDAY": ",".join(WORKING_DAYS)}
    if fields.every == "weekly":
        return {"FREQ": "WEEKLY", "BYDAY": ",".join(fields.days or (weekday,))}
    if fields.every == "monthly":
        by = {
            "day": ("BYMONTHDAY", str(start.day)),
            "weekday": ("BYDAY", f"{nth if nth < 5 else -1}{weekday}"),
            "last": ("BYMONTHDAY", "-1"),
        }
        return {"FREQ": "MONTHLY", by[fields.monthly][0]: by[fields.monthly][1]}
    return {"FREQ": fields.every.upper()}


def _number(typed: str, name: str) -> int:
    if typed.isascii() and typed.isdigit() and 0 < int(typed[:6]) <= 9999:
        return int(typed)
    raise _unreadable(name, _("Type a number from 1 on."))


def _date(typed: str, name: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise _unreadable(name, _("Choose a day.")) from None


def _time(typed: str) -> time:
    try:
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise _unreadable("repeat_time", _("Choose a time.")) from None


def _unreadable(name: str, text: str) -> Invalid:
    return Invalid("repeat_unreadable", _("The repeat is not complete."), kept=_("Your post is kept as a draft."),
                   next_step=text, fields={name: text})  # fmt: skip


def fields_from(recurrence: Recurrence) -> RepeatFields:
    """Return the fields that show a stored repeat; a rule the simple choices cannot say is shown as a rule."""
    shown: dict[str, Any] = {
        "starts_on": recurrence.starts_on.isoformat(),
        "local_time": recurrence.local_time.strftime("%H:%M"),
        "zone": recurrence.zone,
        "exceptions": " ".join(recurrence.exceptions),
        "rule": recurrence.rule,
        "texts": tuple(each.text for each in recurrence.texts.all() if each.position and not each.uses),
    }
    return RepeatFields(**shown | _simple(recurrence))


def _simple(recurrence: Recurrence) -> dict[str, Any]:
    try:
        rule = parse_rule(recurrence.rule)
    except RuleError:
        return {"every": "rule"}
    for every, monthly in [(name, "day") for name, _label in EVERY[:-1]] + [
        ("monthly", "weekday"),
        ("monthly", "last"),
    ]:
        found: dict[str, Any] = {"every": every, "monthly": monthly, "interval": str(rule.interval), **_end(rule)}
        found["days"] = tuple(DAYS[weekday] for ordinal, weekday in rule.days if not ordinal)
        if _says(RepeatFields(**found, starts_on=recurrence.starts_on.isoformat()), recurrence.starts_on, rule):
            return found
    return {"every": "rule"}


def _end(rule: Rule) -> dict[str, str]:
    if rule.count is not None:
        return {"end": "after", "count": str(rule.count)}
    if rule.until is not None and rule.until.tzinfo is None:
        return {"end": "on", "until": rule.until.date().isoformat()}
    return {"end": "never"}


def _says(fields: RepeatFields, start: date, rule: Rule) -> bool:
    """Say whether the simple choices make this very rule."""
    made = parse_rule(_rule(fields, start))
    return made == rule
