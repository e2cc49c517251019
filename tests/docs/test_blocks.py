"""What is marked as runnable runs, and prints what stands below it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import Block, all_blocks

MARKS = ("runnable", "output", "exit=1")
RUNNABLE = [block for block in all_blocks() if "runnable" in block.marks]


@pytest.mark.parametrize("block", RUNNABLE, ids=str)
def test_a_block_marked_as_runnable_does_what_the_page_says(block: Block, tmp_path: Path) -> None:
    programs = {"sh": ["sh", "-e", "-c", block.body], "python": [sys.executable, "-c", block.body]}
    environ = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(
        programs[block.language], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == (1 if "exit=1" in block.marks else 0), ran.stderr
    if block.following is not None and "output" in block.following.marks:
        assert ran.stdout == block.following.body


def test_a_mark_is_one_of_those_that_a_test_reads() -> None:
    marks = {mark for block in all_blocks() for mark in block.marks}
    assert marks <= set(MARKS)
    assert marks >= set(MARKS)


def test_the_how_tos_hold_runnable_blocks() -> None:
    assert {block.page.name for block in RUNNABLE} >= {"write-and-schedule.md", "add-a-network.md"}
