"""Three kinds of reply: private, open, for everyone. Which one, in which form, and how they balance over weeks."""

from pluralis.core.replies.forms import CommunityForm, Measured, Quoted, community_text, room_to_share
from pluralis.core.replies.kinds import Proposal, Reason, ReplyKind, Situation, WayOut, riskier
from pluralis.core.replies.propose import propose, way_out
from pluralis.core.replies.ready import ready_text
from pluralis.core.replies.shopfront import SHOPFRONT, Balance, Shopfront, Shown, Written, balance, shopfront
from pluralis.core.replies.similar import count_alike

__all__ = [
    "SHOPFRONT",
    "Balance",
    "CommunityForm",
    "Measured",
    "Proposal",
    "Quoted",
    "Reason",
    "ReplyKind",
    "Shopfront",
    "Shown",
    "Situation",
    "WayOut",
    "Written",
    "balance",
    "community_text",
    "count_alike",
    "propose",
    "ready_text",
    "riskier",
    "room_to_share",
    "shopfront",
    "way_out",
]
