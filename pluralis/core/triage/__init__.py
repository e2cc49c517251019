"""Triage of an incoming message: what it wants, how it feels, whether it hurts people, how fast we must look.

``classify`` answers for one text, ``learn`` fits a team's own corrections onto a model.
"""

from pluralis.core.triage.classify import classify
from pluralis.core.triage.learn import Correction, Learned, learn
from pluralis.core.triage.model import BadModel, TriageModel, packaged_model
from pluralis.core.triage.result import KINDS, LABELS, SENTIMENTS, Triage

__all__ = [
    "KINDS",
    "LABELS",
    "SENTIMENTS",
    "BadModel",
    "Correction",
    "Learned",
    "Triage",
    "TriageModel",
    "classify",
    "learn",
    "packaged_model",
]
