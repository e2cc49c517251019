"""A server that has started: all it will need is loaded, and set aside from what is looked through for garbage.

Python looks through all that lives, now and then, in the middle of a request: 120 to 180 ms with everything loaded
(measured on whole pages of the inbox). What a server loads at its start is never garbage.
"""

import gc
from importlib import import_module

from django.conf import settings


def settle() -> None:
    """Load every page's code, then set all that is loaded aside for good."""
    import_module(settings.ROOT_URLCONF)
    set_aside()


def set_aside() -> None:
    """Set all that is loaded aside for good."""
    gc.collect()
    gc.freeze()
