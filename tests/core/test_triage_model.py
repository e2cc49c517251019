"""The linear model: a small one worked out by hand, and what bytes it survives."""

import numpy as np
import pytest

from pluralis.core.triage.cues import build_lexicon
from pluralis.core.triage.decide import abuse_inputs, label_logits
from pluralis.core.triage.features import Reading, derived_features, read
from pluralis.core.triage.model import HEADS, BadModel, TriageModel, packaged_model
from pluralis.core.triage.overlay import Overlay
from pluralis.core.triage.result import LABELS

LEXICON = build_lexicon(("insult en: idiot", "thanks en: thank you"))
WIDTH = len(HEADS)


def small_model(**changes: object) -> TriageModel:
    weights = np.zeros((3, WIDTH), dtype=np.int8)
    weights[0, 0], weights[1, 0], weights[2, HEADS.index("praise")] = 10, -4, 7
    derived = np.zeros((1, WIDTH), dtype=np.int8)
    derived[0, 0] = 3
    parts: dict[str, object] = {
        "patterns": (" bad ", " good ", "tha"),
        "weights": weights,
        "sizes": np.array([100, 100, 400], dtype=np.uint16),
        "names": ("c:insult:1",),
        "derived": derived,
        "scale": ((0.5,) * WIDTH, (2.0,) * WIDTH),
        "bias": (0.25,) * WIDTH,
    }
    return TriageModel(**(parts | changes))  # type: ignore[arg-type]


def reading(text: str) -> Reading:
    return read(text, "en", LEXICON)


def aimed(text: str) -> float:
    return float(small_model().score(reading(text)).values[0])


def test_a_text_without_anything_known_scores_the_bias() -> None:
    assert aimed("nothing") == 0.25


def test_one_gram_counts_its_weight_over_its_own_length() -> None:
    assert aimed("bad") == pytest.approx(10 * 0.5 / 1.0 + 0.25)


def test_two_grams_share_the_length_of_the_text() -> None:
    assert aimed("bad good") == pytest.approx((10 - 4) * 0.5 / 2**0.5 + 0.25)


def test_a_gram_that_comes_twice_counts_once() -> None:
    assert aimed("bad bad") == aimed("bad")


def test_a_derived_feature_is_not_shared_by_length() -> None:
    assert aimed("idiot") == pytest.approx(3 * 2.0 + 0.25)


def test_heads_do_not_mix() -> None:
    values = small_model().score(reading("thanks")).values
    assert values[HEADS.index("praise")] == pytest.approx(7 * 0.5 / 2 + 0.25)
    assert values[0] == 0.25


def test_words_are_whole_n_grams_that_spoke_for_a_head() -> None:
    model = small_model()
    rows = model.score(reading("bad good thanks")).rows
    assert model.words(rows, "aimed") == ["bad"]
    assert model.words(rows, "praise") == []


def test_bytes_give_the_same_model_again() -> None:
    overlay = Overlay({"w:tram": (1, 0, -2, 0, 0, 0)}, (0.5,) * 6, 0.01, 120)
    model = small_model(overlay=overlay, calibration={"labels": [2.0, 0, 0, 0, 0, 0, 1.5]})
    again = TriageModel.from_bytes(model.to_bytes())
    assert again.to_bytes() == model.to_bytes()
    assert again.overlay == overlay
    assert (again.weights == model.weights).all()
    assert aimed("bad idiot") == float(again.score(reading("bad idiot")).values[0])


@pytest.mark.parametrize("data", [b"", b"PLTR2\n", b"PLTR1\nold", b"PLTR2\n10 10\n{}", b"\x00" * 50])
def test_bytes_that_are_no_model_are_refused(data: bytes) -> None:
    with pytest.raises(BadModel):
        TriageModel.from_bytes(data)


@pytest.mark.parametrize("cut", [1, 7, 60, 200])
def test_a_model_that_was_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(BadModel):
        TriageModel.from_bytes(small_model().to_bytes()[:-cut])


def test_a_model_of_other_heads_is_refused() -> None:
    data = small_model().to_bytes().replace(b'"aimed"', b'"aimee"')
    with pytest.raises(BadModel, match="other things"):
        TriageModel.from_bytes(data)


def test_calibration_stretches_and_shifts_the_labels() -> None:
    model = small_model(calibration={"labels": [2.0, 0, 0, 0, 0, 0, 1.0]})
    blank = reading("something")
    logits = label_logits(model.score(blank), blank, model)
    assert logits.tolist() == [0.5] * 5 + [1.5]


def test_both_scores_of_abuse_have_a_second_weight_in_a_conversation() -> None:
    assert abuse_inputs(2.0, 3.0, False) == (2.0, 3.0, 0.0, 0.0, 0.0)
    assert abuse_inputs(2.0, 3.0, True) == (2.0, 3.0, 1.0, 2.0, 3.0)


def test_derived_features_name_cues_order_and_surface() -> None:
    names = derived_features(reading("thank you idiot!!! https://a.example"))
    assert {"c:insult:1", "c:thanks:1", "p:insult+thanks", "f:link", "f:shout", "l:en"} <= names


def test_an_overlay_needs_one_weight_per_label() -> None:
    with pytest.raises(ValueError, match="one weight per label"):
        Overlay.from_dict({"weights": {"w:a": [1]}, "bias": [0] * 6, "step": 1, "examples": 1})


def test_the_packaged_model_is_small_and_has_every_calibration() -> None:
    model = packaged_model()
    assert len(model.to_bytes()) < 4_000_000
    assert {"abuse", "abuse:en", "abuse:fr", "labels", "sentiment:en", "sentiment:ms"} <= set(model.calibration)
    assert len(model.calibration["labels"]) == 1 + len(LABELS)
