"""Real texts in several languages are sent to X and found again as the same post, as answers too."""

import csv
from collections import Counter
from dataclasses import replace

import pytest

from pluralis.core.matching import Sample, is_same
from pluralis.core.text import counting_rule, measure
from tests.networks.harness import part, reference, soon
from tests.networks.harness_x import open_harness
from tests.shared import shared_data

PER_LANGUAGE = 20


def texts() -> list[str]:
    """Return the first texts of each language that fit into a post, each once."""
    rule, counts, found = counting_rule("weighted"), Counter[str](), dict[str, None]()
    with shared_data("text/voice.dev.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            text = row["text"].strip()
            language = row.get("lang") or row.get("language") or row["id"].split("-")[1]
            if text and counts[language] < PER_LANGUAGE and measure(text, rule).fits and text not in found:
                counts[language] += 1
                found[text] = None
    return list(found)


@pytest.mark.parametrize(("dialect", "answering"), [("tweet", False), ("post", True)])
def test_real_texts_are_found_as_what_was_sent(dialect: str, answering: bool) -> None:
    wanted = texts()
    assert len(wanted) >= 2 * PER_LANGUAGE
    missed = []
    with open_harness(dialect) as opened:
        # Without the tier's rules: real texts mention strangers.
        opened.access = replace(opened.access, settings={**opened.access.settings, "tier": "enterprise"})
        target = reference(opened, opened.mention("what do you say?")) if answering else None
        sent = []
        for text in wanted:
            outgoing = part(opened, text, reply_to=target)
            sent.append((outgoing, opened.connector.send(opened.access, outgoing, soon())))
        for outgoing, post in sent:
            search = opened.connector.find(opened.access, outgoing, outgoing.created_at, soon())
            ours = Sample(outgoing.text, target.remote_id if target else None)
            same = [
                one.reference.remote_id
                for one in search.posts
                if is_same(ours, Sample(one.text, one.reply_to_id, one.media_count))
            ]
            if same != [post.reference.remote_id]:
                missed.append(outgoing.text)
        opened.network.exchanges = opened.network.exchanges[:20]
    assert missed == []
