"""`python -m bench.questions`: are earlier answers found, and how fast among many?

Recall: of 120 questions written for this project, each with two paraphrases, how many paraphrases find their question
among the first three; beside it the database's own full text search ("any of the words", ranked), on the same texts.
Speed: one look among ``--answered`` answered questions, as the reply box asks for it.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable

from bench.database import bench_database, root

CHUNK = 5_000
MOST = 3


def main() -> int:
    chosen = _options()
    sys.path.insert(0, str(root()))
    with bench_database() as _cluster:
        import django

        django.setup()
        print(f"{chosen.answered} answered questions, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        actor, account = _team()
        began = time.monotonic()
        _seed(actor, account, chosen.answered)
        print(f"seeded in {time.monotonic() - began:.0f} s\n")
        _recall()
        worst = _speed(actor, account, chosen.times)
        print(f"p95_over_100ms={worst / 0.1:.2f}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.questions")
    parser.add_argument("--answered", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=300, help="looks")
    return parser.parse_args()


def _team():  # type: ignore[no-untyped-def]
    from django.utils import timezone

    from pluralis.teams.ids import new_id
    from pluralis.teams.models import Account
    from tests.apps.cast import make_cast

    cast = make_cast()
    account = Account.objects.create(
        id=new_id(), team=cast.alice.team, network="x", host="http://localhost", remote_id="1", handle="Norlune",
        kind="support", created_at=timezone.now(),
    )  # fmt: skip
    return cast.alice, account


def _seed(actor, account, number: int) -> None:  # type: ignore[no-untyped-def]
    """Questions of the written ones with places, products and numbers of a made-up world in them."""
    from django.db import connection
    from django.utils import timezone

    from pluralis.core.questions import terms_of
    from pluralis.inbox.models import EVERY_QUESTION, AnsweredQuestion, Conversation, Message, TermCount
    from pluralis.teams.ids import new_id

    chance = random.Random(1)
    texts = [text for row in _rows() for text in (row.question, *row.paraphrases)]
    world = ["".join(chance.choice("bcdfglmnprstv") + chance.choice("aeiou") for _ in range(3)) for _ in range(4_000)]
    now, counts = timezone.now(), {}
    talk = Conversation.objects.create(
        id=new_id(), team=actor.team, account=account, key="k", last_message_at=now, created_at=now
    )
    for start in range(0, number, CHUNK):
        made = []
        for _ in range(min(CHUNK, number - start)):
            text = f"{chance.choice(texts)} {chance.choice(world)} {chance.choice(world)} {chance.randrange(9_999)}"
            made.append((new_id(), new_id(), text, terms_of(text)))
        common = {"team": actor.team, "account": account, "conversation": talk, "created_at": now, "received_at": now}
        rows = []
        for asked, answer, text, terms in made:
            rows.append(Message(id=asked, kind="mention", text=text, **common))
            rows.append(Message(id=answer, kind="reply", direction="out", text=f"We answer that: {text}", **common))
            for term in (EVERY_QUESTION, *terms):
                counts[term] = counts.get(term, 0) + 1
        Message.objects.bulk_create(rows, CHUNK)
        AnsweredQuestion.objects.bulk_create(
            AnsweredQuestion(id=new_id(), team=actor.team, account=account, question_id=asked, answer_id=answer,
                             language="en", terms=terms, answered_at=now)
            for asked, answer, _text, terms in made
        )  # fmt: skip
    TermCount.objects.bulk_create(TermCount(team=actor.team, term=term, count=many) for term, many in counts.items())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _rows():  # type: ignore[no-untyped-def]
    from tests.core.question_cases import rows

    return rows()


def _recall() -> None:
    from tests.core.question_cases import recall

    print(f"{'recall@3':<28}{'ours':>8}{'full text':>12}")
    for part in ("build", "kept"):
        asked = [row for row in _rows() if row.part == part]
        print(f"{part + ', 120 questions':<28}{recall(asked, []):>8.3f}{_full_text(asked):>12.3f}")
        others = _others()
        name = f"{part}, {len(others)} more" if others else f"{part}, others not here"
        print(f"{name:<28}{recall(asked, others):>8.3f}" if others else name)
    print()


def _others() -> list[str]:
    """Ten thousand messages to a company that ask something else, where the shared test data lie."""
    from tests.shared import FOLDER

    file = FOLDER / "text" / "airline.dev.tsv"
    return [line.split("\t")[4] for line in file.read_text().splitlines()[1:10_001]] if file.exists() else []


def _full_text(asked) -> float:  # type: ignore[no-untyped-def]
    """The baseline: PostgreSQL, configuration *simple*, any of the words, ranked by ts_rank."""
    from django.db import connection

    from pluralis.core.searching import words_of

    found = tries = 0
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS known (question text)")
        cursor.execute("TRUNCATE known")
        cursor.executemany("INSERT INTO known VALUES (%s)", [[row.question] for row in _rows()])
        for row in asked:
            for text in row.paraphrases:
                query = " | ".join(words_of(text))
                cursor.execute(
                    "SELECT question FROM known, to_tsquery('simple', %s) AS asked "
                    "WHERE to_tsvector('simple', question) @@ asked "
                    "ORDER BY ts_rank(to_tsvector('simple', question), asked) DESC LIMIT 3", [query],
                )  # fmt: skip
                found += row.question in [one for (one,) in cursor.fetchall()]
                tries += 1
    return found / tries


def _speed(actor, account, times: int) -> float:  # type: ignore[no-untyped-def]
    from pluralis.inbox.queries import asked_before

    texts = [text for row in _rows() for text in row.paraphrases]
    return max(
        _timed(
            "a question as people ask it",
            times,
            lambda number: asked_before(actor, texts[number % 240], "en", account),
        ),
        _timed(
            "the commonest words", times // 5, lambda _n: asked_before(actor, "refund order delivery", "en", account)
        ),
    )


def _timed(name: str, times: int, look: Callable[[int], object]) -> float:
    spent = []
    for number in range(times):
        began = time.perf_counter()
        look(number)
        spent.append(time.perf_counter() - began)
    cut = statistics.quantiles(spent, n=100)
    print(f"{name:<32}p50 {1000 * cut[49]:6.1f} ms   p95 {1000 * cut[94]:6.1f} ms   p99 {1000 * cut[98]:6.1f} ms")
    return cut[94]


if __name__ == "__main__":
    sys.exit(main())
