"""Errors that are instructions: what happened, what was kept, and what to do next.

ActionError
  ├── NotFound    it does not exist, or not for this person: the same answer for both
  ├── Forbidden   it exists, and this person's role may not do this
  ├── Invalid     what was given cannot be used; ``fields`` says where
  └── Conflict    somebody else was faster, or the thing is not in a state for this
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class ActionError(Exception):
    """The root. ``code`` is stable and for programs; the three texts are for people, in their language."""

    status = 400

    def __init__(
        self,
        code: str,
        happened: Text,
        *,
        kept: Text = "",
        next_step: Text = "",
        fields: Mapping[str, Text] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.happened = happened
        self.kept = kept
        self.next_step = next_step
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        return " ".join(str(text) for text in (self.happened, self.kept, self.next_step) if text)


class NotFound(ActionError):
    """There is no such thing for this person."""

    status = 404

    def __init__(self, what: str = "object") -> None:
        super().__init__(
            "not_found",
            _("This does not exist, or it is not yours to see."),
            next_step=_("Check the address, or ask a lead of your team."),
        )
        self.what = what


class Forbidden(ActionError):
    """The person's role does not allow this."""

    status = 403

    def __init__(self, ability: str) -> None:
        super().__init__(
            "forbidden",
            _("Your role does not allow this."),
            kept=_("Nothing was changed."),
            next_step=_("Ask an owner or a lead of your team."),
        )
        self.ability = ability


class Invalid(ActionError):
    """What was given cannot be used."""

    status = 422


class Conflict(ActionError):
    """Somebody was faster, or it is too late for this."""

    status = 409
