"""Fixed words of a page, looked up once in each language: a page says some two hundred of them."""

from typing import Any

from django.template.base import Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language


class FixedWords(TranslateNode):
    """Words between quotation marks: their translation is the same each time, so it is kept."""

    def __init__(self, node: TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop, node.asvar, node.message_context)
        self._kept: dict[str | None, str] = {}

    def render(self, context: Any) -> str:
        """Return the words in the language that is spoken now."""
        language = get_language()
        known = self._kept.get(language)
        if known is None:
            known = self._kept[language] = super().render(context)
        return known


def translate(parser: Parser, token: Token) -> TranslateNode:
    """``{% translate "Send" %}``: Django's own tag; what depends on the page is left to it."""
    node = do_translate(parser, token)
    words = node.filter_expression
    fixed = isinstance(words.var, str) or words.var.literal is not None
    context = node.message_context is None or node.message_context.is_var is False
    return FixedWords(node) if fixed and context and not words.filters and not node.asvar else node
