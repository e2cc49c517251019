"""Fixed words are kept in each language; what depends on the page is looked up each time."""

import pytest
from django.template import Context, Template
from django.utils import translation


def said(text: str, language: str, template: Template | None = None, **values: object) -> str:
    with translation.override(language):
        return (template or Template("{% load i18n desk %}" + text)).render(Context(values))


def test_fixed_words_follow_the_language_of_each_reader() -> None:
    template = Template("{% load i18n desk %}{% translate 'Inbox' %}")
    shown = [said("", language, template) for language in ("en", "fr", "es", "ms", "en", "fr")]
    assert shown[0] == shown[4] == "Inbox"
    assert shown[1] == shown[5] != "Inbox"
    assert len(set(shown)) >= 3


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("{% translate 'Late' context 'narrows the list' %}", {}),
        ("{% translate '100 %' %}", {}),
        ("{% translate word %}", {"word": "Inbox"}),
        ("{% translate 'Inbox'|upper %}", {}),
        ("{% translate 'Inbox' as kept %}[{{ kept }}]", {}),
        ("{% translate 'Inbox' noop %}", {}),
        ("{% translate '<b>' %}", {}),
        ("{% translate word %}", {"word": "<b>"}),
        ("{% autoescape off %}{% translate word %}{% endautoescape %}", {"word": "<b>"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_says_what_djangos_own_tag_says(text: str, values: dict[str, object], language: str) -> None:
    own = Template("{% load i18n %}" + text)
    ours = Template("{% load i18n desk %}" + text)
    for _time in range(2):
        assert said("", language, ours, **values) == said("", language, own, **values)


def test_words_that_depend_on_the_page_are_not_kept() -> None:
    template = Template("{% load i18n desk %}{% translate word %}")
    assert [said("", "en", template, word=each) for each in ("one", "two")] == ["one", "two"]
