"""Learning from corrections: it helps, it says what it did, and it refuses what would do harm."""

import itertools
import random
import time

import pytest

from pluralis.core.triage import Correction, TriageModel, classify, learn
from pluralis.core.triage.learn import MOST, agreement, macro_f1, packaged_reference

pytestmark = pytest.mark.slow

THINGS = ("umbrella", "kettle", "lamp", "bike", "stove", "radio", "chair", "clock", "tent", "drill", "map", "pump")
ENDINGS = ("today", "again", "in Leeds", "this week", "since noon", "as always", "here", "at home", "lately", "now")

# Words of a trade that no shipped list knows: only a team's own corrections can teach them.
OWN_WORDS = {
    "complaint": ("the {thing} went gronk {ending}", "total gronk with my {thing} {ending}"),
    "praise": ("the {thing} is pure zindel {ending}", "zindel as ever, that {thing} {ending}"),
    "question": ("brell for the {thing} {ending}", "need a brell about my {thing} {ending}"),
}


def corrections(words: dict[str, tuple[str, ...]] = OWN_WORDS) -> list[Correction]:
    """Return some 700 messages with the label that a person gave them."""
    found = []
    for label, templates in words.items():
        for template, thing, ending in itertools.product(templates, THINGS, ENDINGS):
            found.append(Correction(template.format(thing=thing, ending=ending), label, "en"))
    random.Random(7).shuffle(found)
    return found


def shuffled_labels(batch: list[Correction]) -> list[Correction]:
    labels = [correction.label for correction in batch]
    random.Random(1).shuffle(labels)
    return [correction._replace(label=label) for correction, label in zip(batch, labels, strict=True)]


def turned_round(batch: tuple[Correction, ...], times: int) -> list[Correction]:
    """Return clear messages with wrong labels, as somebody who wants to spoil the inbox would teach them."""
    wrong = {"abuse": "praise", "praise": "complaint", "complaint": "praise", "question": "spam", "spam": "question"}
    return [
        Correction(f"{correction.text} {number}{'!' * (number % 2)}{'x' * number}", wrong[correction.label], "en")
        for number in range(1, times + 1)
        for correction in batch
        if correction.label in wrong
    ]


@pytest.fixture(scope="module")
def batch() -> list[Correction]:
    return corrections()


def test_a_team_can_teach_its_own_words(batch: list[Correction]) -> None:
    learned = learn(batch)
    assert learned.accepted, learned.message
    assert learned.before < 0.6 < 0.95 < learned.after
    assert classify("the boat went gronk yesterday", language="en", model=learned.model).label == "complaint"
    assert classify("pure zindel, that boat", language="en", model=learned.model).label == "praise"


def test_what_was_known_before_is_still_known(batch: list[Correction]) -> None:
    learned = learn(batch)
    assert learned.reference_after >= learned.reference_before - 0.03
    assert classify("@brightline thank you so much, lovely service", model=learned.model).label == "praise"
    assert classify("@brightline you are a bunch of idiots", model=learned.model).label == "abuse"


def test_learning_leaves_the_model_it_started_from_alone(batch: list[Correction]) -> None:
    before = classify("the boat went gronk yesterday", language="en")
    learn(batch)
    assert classify("the boat went gronk yesterday", language="en") == before


def test_a_part_is_held_back_and_counted(batch: list[Correction]) -> None:
    learned = learn(batch)
    assert learned.examples == len(batch)
    assert 0.1 * len(batch) < learned.held_back < 0.35 * len(batch)


def test_the_order_of_the_corrections_does_not_matter(batch: list[Correction]) -> None:
    assert learn(batch).model.to_bytes() == learn(list(reversed(batch))).model.to_bytes()


def test_a_learnt_model_survives_being_stored(batch: list[Correction]) -> None:
    model = learn(batch).model
    again = TriageModel.from_bytes(model.to_bytes())
    for correction in batch[:20]:
        assert classify(correction.text, model=again) == classify(correction.text, model=model)


def test_only_weights_are_kept_and_no_message(batch: list[Correction]) -> None:
    private = [Correction(f"{one.text} says Dana {number}", one.label, "en") for number, one in enumerate(batch)]
    stored = learn(private).model.to_bytes()
    assert not any(one.text.encode() in stored for one in private)


def test_a_word_that_came_once_is_not_kept(batch: list[Correction]) -> None:
    learned = learn([*batch, Correction("the lamp went gronk says Qwertzia", "complaint", "en")])
    assert learned.model.overlay is not None
    assert not any("qwertzia" in name for name in learned.model.overlay.weights)


def test_learning_twice_replaces_what_was_learnt_before(batch: list[Correction]) -> None:
    first = learn(batch).model
    assert learn(batch, first).model.to_bytes() == first.to_bytes()


@pytest.mark.parametrize("count", [0, 1, 99])
def test_too_few_corrections_teach_nothing_and_say_so(batch: list[Correction], count: int) -> None:
    learned = learn(batch[:count])
    assert learned.refusal == "too_few"
    assert "100 are needed" in learned.message
    assert learned.model.overlay is None


def test_a_hundred_corrections_are_enough(batch: list[Correction]) -> None:
    learned = learn(batch[:100])
    assert learned.accepted, learned.message
    assert learned.after >= learned.before


def test_random_labels_are_refused(batch: list[Correction]) -> None:
    learned = learn(shuffled_labels(batch))
    assert learned.refusal in ("not_learnable", "worse", "unlearns"), learned.message
    assert learned.model.overlay is None


def test_a_poisoned_batch_is_refused() -> None:
    learned = learn(turned_round(packaged_reference(), 4))
    assert learned.refusal in ("contradicts", "unlearns"), learned.message
    assert "nothing was learnt" in learned.message
    assert learned.model.overlay is None


def test_poison_mixed_into_a_good_batch_is_refused(batch: list[Correction]) -> None:
    learned = learn([*batch[:200], *turned_round(packaged_reference(), 5)])
    assert not learned.accepted, f"{learned.before:.3f} to {learned.after:.3f}"


def test_a_refused_batch_gives_back_the_model_that_was_given(batch: list[Correction]) -> None:
    good = learn(batch).model
    assert learn(turned_round(packaged_reference(), 4), good).model is good


def test_a_text_with_two_labels_teaches_neither(batch: list[Correction]) -> None:
    learned = learn([*batch, batch[0]._replace(label="spam")])
    assert learned.conflicts == 1
    assert learned.examples == len(batch) - 1


def test_the_same_correction_many_times_counts_once(batch: list[Correction]) -> None:
    assert learn([batch[0]] * 500).refusal == "too_few"


def test_no_more_than_the_newest_five_thousand_are_read() -> None:
    many = [Correction(f"{one.text} {'a' * number}", one.label) for number in range(8) for one in corrections()]
    assert learn(many).examples == MOST


def test_tuples_and_mappings_teach_like_corrections(batch: list[Correction]) -> None:
    pairs = [(one.text, one.label, "en") for one in batch]
    mappings = [{"text": one.text, "label": one.label, "language": "en"} for one in batch]
    assert learn(pairs).model.to_bytes() == learn(mappings).model.to_bytes() == learn(batch).model.to_bytes()


def test_a_label_that_is_none_of_ours_is_named() -> None:
    with pytest.raises(ValueError, match="'angry' is no label"):
        learn([("text", "angry")])


def test_five_thousand_corrections_take_seconds() -> None:
    many = [
        Correction(f"{one.text} {'ab' * number}", one.label, "en") for number in range(7) for one in corrections()
    ]
    started = time.perf_counter()
    learn(many)
    assert time.perf_counter() - started < 60


def test_macro_f1_and_agreement_are_worked_out_by_hand() -> None:
    assert macro_f1([0, 0, 1, 1], [0, 1, 1, 1]) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert macro_f1([], []) == 0
    assert agreement([0, 1, 0, 1], [0, 1, 0, 1]) == 1
    assert agreement([0, 1, 0, 1], [0, 0, 0, 0]) == 0
    assert agreement([0, 1, 0, 1], [1, 0, 1, 0]) == -1
    assert agreement([], []) == 0
