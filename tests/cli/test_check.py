"""`pluralis check`: the shapes programs read, the exit code hooks read, and lines that are wrong."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pluralis.cli.check.lines import BadLine, Defaults, read_drafts
from pluralis.cli.main import main
from tests.shared import shared_data

CLEAN = "We have sent your parcel."
PRIVATE = "Write to dana@mail.example please"


def check(tmp_path: Path, content: str | bytes, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Run the command on a file and return its exit code and what it wrote."""
    source, target = tmp_path / "drafts", tmp_path / "reports"
    source.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    code = main(["check", str(source), "-o", str(target), *options])
    return code, [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_a_report_has_exactly_the_agreed_shape(tmp_path: Path) -> None:
    _, [report] = check(tmp_path, "I'm sorry @dana, call me on +33 6 12 34 56 78\n")
    assert list(report) == ["id", "language", "lengths", "voice", "rewritten", "personal_data", "triage"]
    assert set(report["language"]) == {"code", "score"}
    assert set(report["lengths"]["x"]) == {"weighted", "limit"}
    assert set(report["lengths"]["bluesky"]) == {"graphemes", "bytes", "limit"}
    assert set(report["lengths"]["mastodon"]) == {"characters", "limit"}
    assert set(report["voice"][0]) == {"start", "end", "text", "rule", "severity", "suggestion"}
    assert set(report["personal_data"][0]) == {"start", "end", "type", "strength"}
    assert set(report["triage"]) == {"label", "sentiment", "abuse", "unsure", "scores"}


def test_the_first_person_is_found_and_rewritten(tmp_path: Path) -> None:
    _, [report] = check(tmp_path, "I'm sorry about the delay.\n")
    assert report["voice"][0]["start"] == 0
    assert report["rewritten"] == "We're sorry about the delay."


def test_a_text_with_nothing_to_rewrite_is_null(tmp_path: Path) -> None:
    _, [report] = check(tmp_path, CLEAN)
    assert report["voice"] == []
    assert report["rewritten"] is None


def test_offsets_count_code_points(tmp_path: Path) -> None:
    text = "👩‍👩‍👧 é: dana@mail.example"
    _, [report] = check(tmp_path, text)
    [data] = report["personal_data"]
    assert text[data["start"] : data["end"]] == "dana@mail.example"


@pytest.mark.parametrize(("text", "code"), [(CLEAN, 0), (PRIVATE, 1), (f"{CLEAN}\n{PRIVATE}\n{CLEAN}", 1), ("", 0)])
def test_the_exit_code_says_whether_anything_stops(tmp_path: Path, text: str, code: int) -> None:
    assert check(tmp_path, text)[0] == code


def test_a_part_that_is_not_asked_for_stops_nothing(tmp_path: Path) -> None:
    code, [report] = check(tmp_path, PRIVATE, "--language")
    assert code == 0
    assert set(report) == {"id", "language"}


@pytest.mark.parametrize(
    ("option", "keys"),
    [
        ("--language", {"language"}),
        ("--lengths", {"lengths"}),
        ("--voice", {"voice", "rewritten"}),
        ("--personal-data", {"personal_data"}),
        ("--triage", {"triage"}),
    ],
)
def test_each_part_can_be_had_alone(tmp_path: Path, option: str, keys: set[str]) -> None:
    _, [report] = check(tmp_path, CLEAN, option)
    assert set(report) == {"id"} | keys


def test_parts_can_be_joined(tmp_path: Path) -> None:
    _, [report] = check(tmp_path, CLEAN, "--language", "--lengths")
    assert set(report) == {"id", "language", "lengths"}


def test_json_lines_keep_their_id(tmp_path: Path) -> None:
    lines = [{"id": "a-1", "text": CLEAN}, {"id": 7, "text": CLEAN}, {"text": CLEAN}]
    _, reports = check(tmp_path, "\n".join(map(json.dumps, lines)))
    assert [report["id"] for report in reports] == ["a-1", 7, 3]


def test_an_employee_may_say_i(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "text": "I'm happy", "account_kind": "employee"})
    assert check(tmp_path, line)[1][0]["voice"] == []
    assert check(tmp_path, "I'm happy", "--account-kind", "employee")[1][0]["voice"] == []
    assert check(tmp_path, "I'm happy")[1][0]["voice"] != []


def test_a_named_language_is_believed(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "text": "no", "language": "es"})
    _, [report] = check(tmp_path, line, "--voice", "--language")
    assert report["language"]["code"] in ("es", "en", "it", "pt", "other")


def test_a_text_too_long_stops_only_where_it_is_meant_to_go(tmp_path: Path) -> None:
    text = "word " * 60
    assert check(tmp_path, text)[0] == 0
    assert check(tmp_path, json.dumps({"text": text, "network": "x"}))[0] == 1
    assert check(tmp_path, json.dumps({"text": text, "network": "mastodon"}))[0] == 0
    assert check(tmp_path, text, "--network", "bluesky")[0] == 0
    assert check(tmp_path, text * 2, "--network", "bluesky")[0] == 1


BAD_LINES = [
    (b"\xff\xfe broken", "not UTF-8"),
    (b'{"id": 1, "text": ', "not JSON"),
    (b'{"id": 1}', '"text"'),
    (b'{"id": 1, "text": 5}', '"text"'),
    (b'{"text": "a", "account_kind": "robot"}', "unknown account_kind"),
    (b'{"text": "a", "language": "xx"}', "unknown language"),
    (b'{"text": "a", "language": 3}', '"language"'),
    (b'{"text": "a", "network": "myspace"}', "unknown network"),
    (b"{" * 100_000, "not JSON"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES)
def test_a_bad_line_is_named_by_its_number_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: bytes, reason: str
) -> None:
    code, reports = check(tmp_path, b"first text\n" + line + b"\nthird text\n")
    assert [report["id"] for report in reports] == [1, 3]
    assert code == 0
    told = capsys.readouterr().err
    assert "line 2:" in told
    assert reason in told


def test_a_bad_line_fails_a_strict_run(tmp_path: Path) -> None:
    assert check(tmp_path, b"\xff\nfine\n", "--strict")[0] == 2


def test_json_that_is_no_object_is_bad_where_json_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, reports = check(tmp_path, '["a"]\n{"text": "b"}\n', "--input", "json")
    assert len(reports) == 1
    assert "line 1:" in capsys.readouterr().err


def test_braces_can_be_plain_text(tmp_path: Path) -> None:
    _, [report] = check(tmp_path, "{smiles}", "--input", "lines")
    assert report["lengths"]["mastodon"]["characters"] == 8


def test_blank_lines_are_passed_over_and_still_counted(tmp_path: Path) -> None:
    _, reports = check(tmp_path, "\n\nthird\n\nfifth")
    assert [report["id"] for report in reports] == [3, 5]


def test_a_byte_order_mark_and_windows_line_ends_are_no_text(tmp_path: Path) -> None:
    _, [report] = check(tmp_path, b"\xef\xbb\xbfabc\r\n")
    assert report["lengths"]["mastodon"]["characters"] == 3


def test_an_unpaired_surrogate_is_reported_not_fatal(tmp_path: Path) -> None:
    _, [report] = check(tmp_path, '{"id": 1, "text": "I \\ud800 am"}')
    assert report["id"] == 1


def test_a_hundred_thousand_characters_are_checked(tmp_path: Path) -> None:
    _, [report] = check(tmp_path, "word " * 20_000)
    assert report["lengths"]["mastodon"]["characters"] == 100_000


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "none")]) == 1
    assert "nothing was checked" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "drafts"
    source.write_text("a")
    assert main(["check", str(source), "-o", str(tmp_path / "no" / "where")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_an_unknown_network_is_said_with_those_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "drafts"
    source.write_text("a")
    assert main(["check", str(source), "--network", "myspace"]) == 1
    assert "known: x" in capsys.readouterr().err


def test_several_files_are_read_in_turn(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"text of {name}\n")
    main(["check", str(tmp_path / "one"), str(tmp_path / "two"), "-o", str(tmp_path / "out"), "--language"])
    assert len((tmp_path / "out").read_text().splitlines()) == 2


def test_explain_adds_what_a_person_asks_for(tmp_path: Path) -> None:
    _, [report] = check(tmp_path, "@brightline the kettle caught fire", "--triage", "--explain")
    assert report["triage"]["escalate"] == "safety"
    assert report["triage"]["urgency"] > 0.9
    assert report["triage"]["labels"][0] == report["triage"]["label"]


def test_standard_input_is_read_in_a_pipe() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pluralis.cli.main", "check"],
        input=PRIVATE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)["personal_data"][0]["type"] == "EMAIL"
    assert done.stderr == ""


def test_a_person_sees_colours_and_no_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "drafts"
    source.write_text("I'm sorry, write to dana@mail.example [bold]x[/bold]\n")
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["check", str(source)]) == 1
    shown = screen.getvalue()
    assert "[bold]x[/bold]" in shown
    assert "first_person" in shown
    assert "EMAIL" in shown
    assert not shown.lstrip().startswith("{")


def test_a_long_file_shows_its_progress_only_where_somebody_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", screen)
    check(tmp_path, "short\n", "--language")
    assert screen.getvalue() == ""
    check(tmp_path, "a longer line of text\n" * 10_000, "--language")
    assert "checking" in screen.getvalue()


def test_reading_names_every_line_by_number() -> None:
    found = list(read_drafts([b"a\n", b"\xff\n", b"\n", b"b"], Defaults()))
    assert [number for number, _ in found] == [1, 2, 4]
    assert isinstance(found[1][1], BadLine)


@pytest.mark.parametrize("name", ["triage_authored", "voice_authored"])
def test_the_development_files_can_be_checked_as_they_are(tmp_path: Path, name: str) -> None:
    content = shared_data(f"text/{name}.dev.tsv").read_bytes()
    _, reports = check(tmp_path, content)
    assert len(reports) == content.count(b"\n")
