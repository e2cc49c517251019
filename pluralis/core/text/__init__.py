"""Lengths, entities, threads and facets of a text: what a network counts, links and shows."""

from pluralis.core.text.canonical import canonical
from pluralis.core.text.counting import CountingRule, Length, counting_rule, measure, overflow_start
from pluralis.core.text.emoji import emoji_spans
from pluralis.core.text.entities import Entity, entities
from pluralis.core.text.facets import Facet, facets
from pluralis.core.text.graphemes import count_graphemes
from pluralis.core.text.highlighting import highlight
from pluralis.core.text.splitting import split_thread

__all__ = [
    "CountingRule",
    "Entity",
    "Facet",
    "Length",
    "canonical",
    "count_graphemes",
    "counting_rule",
    "emoji_spans",
    "entities",
    "facets",
    "highlight",
    "measure",
    "overflow_start",
    "split_thread",
]
