"""What is marked as runnable runs, and prints what stands below it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import Block, all_blocks

MARKS = ("runnable", "output", "database", "exit=1")
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


@pytest.mark.django_db
def test_the_page_after_an_outage_releases_exactly_the_named_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    from pluralis.publishing.actions import enter_quarantine
    from pluralis.teams.models import Account
    from pluralis.teams.queries import database_now
    from tests.apps.cast import make_cast

    cast = make_cast()
    for team, handle in ((cast.alice.team, "norlune"), (cast.alice.team, "care"), (cast.charlie.team, "norlune")):
        Account.objects.create(
            team=team,
            network="x",
            host="h",
            remote_id=f"{handle}-{team.id}",
            handle=handle,
            created_at=database_now(),
        )
    enter_quarantine(reasons=["a test"], backup_at=None, now=database_now())
    [block] = [block for block in all_blocks() if "database" in block.marks]
    monkeypatch.setattr(sys, "argv", ["release.py", cast.alice.user.email, "norlune"])
    exec(compile(block.body, str(block), "exec"), {})
    held = Account.objects.filter(quarantined_at__isnull=False)
    assert set(held.values_list("team_id", "handle")) == {
        (cast.alice.team_id, "care"),
        (cast.charlie.team_id, "norlune"),
    }
