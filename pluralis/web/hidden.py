"""What is said where words are masked for whoever asks for them."""

from django.utils.translation import gettext as _

from pluralis.teams.errors import Conflict


def hidden_words() -> Conflict:
    """Return what to say where somebody would write on in words that are masked for them."""
    return Conflict(
        "personal_data_hidden",
        _("This private answer has personal data in it, and it is hidden from you."),
        kept=_("Nothing was changed."),
        next_step=_("Take the conversation over, or ask to see its personal data there."),
    )
