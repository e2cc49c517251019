"""Training: which rows may teach, how they are folded, and that the same rows give the same weights."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the group `models` is not installed; `make models` brings it")

from pluralis.core.triage.cues import packaged_lexicon
from pluralis.core.triage.features import read
from pluralis.core.triage.model import HEADS, LISTS, TriageModel
from pluralis.core.triage.result import LABELS, SENTIMENTS
from tests.shared import shared_data
from tools.models import __main__ as command
from tools.models.triage import rows as data
from tools.models.triage.heads import Recipe, balanced, fit_column
from tools.models.triage.matrix import columns_of, grams_of, table_of

TEXTS = [
    "you are an idiot",
    "what an idiot you are",
    "stupid people everywhere",
    "you stupid fool",
    "thank you very much",
    "lovely day and lovely people",
    "the bus is late",
    "where is the bus",
]
TRUTH = np.array([True] * 4 + [False] * 4)


def small_table() -> tuple[object, object, np.ndarray]:
    readings = [read(text, "en", packaged_lexicon()) for text in TEXTS]
    columns = columns_of(readings, 1, 1)
    return columns, table_of(readings, columns), np.sqrt(columns.sizes / 100)


@pytest.mark.parametrize("ratios", [False, True])
def test_a_column_tells_what_it_was_taught(ratios: bool) -> None:
    _, table, unit = small_table()
    column = fit_column(Recipe(give=10.0, ratios=ratios), table, TRUTH, np.ones(8), unit)
    assert ((column.scores(table) > 0) == TRUTH).all()


def test_the_same_rows_give_the_same_whole_weights() -> None:
    _, table, unit = small_table()
    first, second = (fit_column(Recipe(give=1.0), table, TRUTH, np.ones(8), unit) for _ in range(2))
    assert first.grams.tobytes() == second.grams.tobytes()
    assert first.names.tobytes() == second.names.tobytes()
    assert first.gram_scale == second.gram_scale


def test_a_row_without_weight_teaches_nothing() -> None:
    _, table, unit = small_table()
    weight = np.ones(8)
    weight[0] = 0
    with_wrong = TRUTH.copy()
    with_wrong[0] = False
    first = fit_column(Recipe(give=1.0), table, TRUTH, weight, unit)
    second = fit_column(Recipe(give=1.0), table, with_wrong, weight, unit)
    assert first.grams.tobytes() == second.grams.tobytes()


def test_the_model_scores_exactly_as_the_table_does() -> None:
    columns, table, unit = small_table()
    column = fit_column(Recipe(give=1.0), table, TRUTH, np.ones(8), unit)
    width = len(HEADS)
    model = TriageModel(
        patterns=columns.grams,
        weights=np.tile(column.grams[:, None], (1, width)),
        sizes=columns.sizes,
        names=columns.names,
        derived=np.tile(column.names[:, None], (1, width)),
        scale=((column.gram_scale,) * width, (column.name_scale,) * width),
        bias=(column.bias,) * width,
    )
    expected = column.scores(table)
    for place, text in enumerate(TEXTS):
        scored = model.score(read(text, "en", packaged_lexicon()))
        assert scored.values[0] == pytest.approx(expected[place], abs=1e-6)


def test_n_grams_hold_words_pairs_and_pieces() -> None:
    assert grams_of(" no bus ") == {" no ", " bus ", " no bus ", " no", "no ", " bu", "bus", "us ", " bus", "bus "}


def test_every_label_of_a_source_weighs_the_same() -> None:
    truth, source = np.array(["1", "0", "0", "0"]), np.array(["a"] * 4)
    weight = balanced(truth, source, np.ones(4, dtype=bool), {})
    assert weight[0] == pytest.approx(weight[1:].sum())


def test_a_source_can_be_worth_less() -> None:
    truth, source = np.array(["1", "0"] * 2), np.array(["a", "a", "b", "b"])
    weight = balanced(truth, source, np.ones(4, dtype=bool), {"b": 0.5})
    assert weight[2:].sum() == pytest.approx(weight[:2].sum() / 2)


def test_slots_are_filled_in_turn_and_always_alike() -> None:
    lines = ["# a comment", "@x = red | blue", "1\ta {x} bus", "0\tno slot"]
    found = list(data.filled(lines, 2))
    assert found == list(data.filled(lines, 2))
    assert [text for _, _, text in found] == ["a red bus", "a blue bus", "no slot"]
    assert {template for _, template, _ in found} == {"a {x} bus", "no slot"}


def test_an_unknown_slot_is_an_error() -> None:
    with pytest.raises(KeyError):
        list(data.filled(["1\ta {y} bus"], 1))


def test_what_was_written_has_every_label_in_every_language() -> None:
    written = data.written_rows()
    for language in (*LISTS, "id"):
        assert {row.label for row in written if row.language == language} == set(LABELS)
    assert {row.label for row in data.aimed_rows()} == {"0", "1"}


def test_no_test_case_was_used_for_training() -> None:
    cases = Path(__file__).parent / "cases" / "triage"
    taught = {row.text for row in (*data.written_rows(), *data.aimed_labels())}
    tested = {line.split("\t")[-1] for path in cases.glob("*.tsv") for line in path.read_text().splitlines()}
    assert not taught & tested


def test_nothing_that_is_only_measured_may_teach() -> None:
    shared_data("text/abuse.dev.tsv")
    from tools.models.triage import training

    taught = [*training._abuse(), *training._sentiment(), *data.authored_rows(), *data.written_rows()]
    assert not {row.source for row in taught} & data.MEASURED_ONLY
    assert {"okky", "SGHateCheck", "mesolitica"} <= data.MEASURED_ONLY
    assert {row.label for row in training._sentiment()} == set(SENTIMENTS)


def test_rows_of_one_template_share_a_group() -> None:
    shared_data("text/hatecheck.dev.tsv")
    rows = [row for row in data.abuse_rows() if row.source == "HateCheck"]
    assert len({row.group for row in rows}) < len(rows) / 2


def test_translations_of_one_message_share_a_group() -> None:
    shared_data("text/triage_authored.dev.tsv")
    sizes = [
        sum(row.group == group for row in data.authored_rows()) for group in {r.group for r in data.authored_rows()}
    ]
    assert set(sizes) == {5}


def test_missing_data_is_named_and_the_packaged_model_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    data.read_table.cache_clear()
    try:
        assert command.main(["triage"], tmp_path) == 1
    finally:
        data.read_table.cache_clear()
    told = capsys.readouterr().err
    assert "abuse.dev.tsv is missing" in told
    assert "../shared/data/text" in told
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert command.main(["poetry"], tmp_path) == 2
    assert "language, voice, triage" in capsys.readouterr().err
