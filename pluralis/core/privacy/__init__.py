"""Personal data in a text: finding it, showing the text without it, and how serious it is in public."""

from pluralis.core.privacy.finding import find
from pluralis.core.privacy.masking import mask
from pluralis.core.privacy.model import DataType, PersonalData
from pluralis.core.privacy.policy import findings, severity
from pluralis.core.privacy.teaching import ReferencePattern, learn_reference

__all__ = [
    "DataType",
    "PersonalData",
    "ReferencePattern",
    "find",
    "findings",
    "learn_reference",
    "mask",
    "severity",
]
