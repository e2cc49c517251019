"""The first rule of a company account: never say "I". Text and a profile in, findings and the plural out."""

from pluralis.core.voice.auditing import Said, VoiceAudit, audit
from pluralis.core.voice.checking import VoiceResult, check
from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.reasons import REASONS

__all__ = ["REASONS", "Said", "VoiceAudit", "VoiceProfile", "VoiceResult", "audit", "check"]
