"""Train the triage model: see docs/model-card.md for what it learns from."""

from tools.models.triage.build import build

__all__ = ["build"]
