"""A lively, seeded community: who they are, what they write to a company, and how they answer its replies.

The cast and their words are data (``community.toml``); the brand in them is invented. Which of them writes what
depends on the seed only; when depends on the clock.
"""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from pluralis.networks.fake.world import Draft, Post, Profile, World

DATA = Path(__file__).with_name("community.toml")
ANSWER_SECONDS = (8.0, 40.0)


@dataclass(frozen=True, slots=True)
class Line:
    """Something somebody may write. ``kind`` is question, thanks, complaint, personal, insult, influencer, spam
    or followup; ``private`` lines come as direct messages."""

    kind: str
    language: str
    text: str
    private: bool = False


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def lines() -> tuple[Line, ...]:
    """Return everything the community may write, in the file's order."""
    return tuple(Line(**row) for row in _data()["line"])


@dataclass(slots=True)
class Pending:
    """An answer that somebody will write to one of our replies."""

    due_at: datetime
    author: Profile
    post_id: str


class Community:
    """The people around the brands of one world. ``per_minute`` is how often somebody writes by themselves."""

    KEPT: ClassVar[tuple[str, ...]] = ("brands", "people", "_random", "_pending", "_deck")

    def __init__(
        self, world: World, brands: Sequence[Profile], *, seed: int | str = 1, per_minute: float = 0.0
    ) -> None:
        self.world = world
        self.brands = list(brands)
        self.per_minute = per_minute
        self.answer_probability = 0.5
        self._random = random.Random(f"community/{seed}")  # noqa: S311
        self._pending: list[Pending] = []
        self._deck: list[Line] = []
        self._next_at: datetime | None = None
        self.people = [self._settle(row) for row in _data()["person"]]
        world.watchers.append(self.hear)

    def _settle(self, row: dict[str, Any]) -> Profile:
        """Let one person of the cast live in this world."""
        age = timedelta(days=self._random.randint(40, 4000))
        more = {name: row[name] for name in ("bio", "language", "followers", "following", "posts", "role")}
        return self.world.add_profile(row["handle"], row["name"], created_at=self.world.clock.now() - age, **more)

    def fill(self, count: int, *, within: timedelta) -> None:
        """Write ``count`` messages spread over the time ``within`` before now, oldest first."""
        now = self.world.clock.now()
        ages = sorted((self._random.random() for _ in range(count)), reverse=True)
        for age in ages:
            self.write_one(now - within * age)

    def write_one(self, at: datetime | None = None) -> str:
        """Let somebody write to a brand, at ``at`` or now; return the id of the message."""
        line = self._draw()
        author = self._author(line)
        brand = self._random.choice(self.brands)
        text = self._word(line, brand, private=line.private)
        if line.private:
            return self.world.send_privately(author.id, brand.id, text, at=at).id
        return self.world.write(author.id, Draft(text, language=line.language, created_at=at)).id

    def _draw(self) -> Line:
        """Return the next line; every one comes once before any comes again."""
        if not self._deck:
            self._deck = [line for line in lines() if line.kind != "followup"]
            self._random.shuffle(self._deck)
        return self._deck.pop()

    def _author(self, line: Line) -> Profile:
        roles = {"insult": "rude", "influencer": "influencer", "spam": "spammer"}
        role = roles.get(line.kind, "customer")
        fitting = [person for person in self.people if person.role == role and person.language == line.language]
        return self._random.choice(fitting or [person for person in self.people if person.role == role])

    def _word(self, line: Line, brand: Profile, *, private: bool) -> str:
        words = {name: self._random.choice(values) for name, values in _data()["words"].items()}
        text = line.text.format(brand=brand.name, at=f"@{brand.handle}", **words)
        return text if private or f"@{brand.handle}" in text else f"@{brand.handle} {text}"

    def hear(self, post: Post) -> None:
        """When a brand has answered one of us, some of us answer back after a while."""
        parent = self.world.posts.get(post.draft.reply_to or "")
        author = self.world.profiles.get(parent.author_id) if parent else None
        ours = {brand.id for brand in self.brands}
        if author is None or post.author_id not in ours or author.role not in ("customer", "influencer"):
            return
        if self._random.random() < self.answer_probability:
            wait = self.world.clock.shorten(self._random.uniform(*ANSWER_SECONDS))
            due_at = self.world.clock.now() + timedelta(seconds=wait)
            self._pending.append(Pending(due_at, author, post.id))

    def tick(self) -> None:
        """Write what is due: answers to our replies, and a message when its time has come."""
        now = self.world.clock.now()
        for pending in [one for one in self._pending if one.due_at <= now]:
            self._pending.remove(pending)
            self._follow_up(pending)
        if self.per_minute > 0 and (self._next_at is None or now >= self._next_at):
            if self._next_at is not None:
                self.write_one()
            wait = self._random.expovariate(self.per_minute / 60)
            self._next_at = now + timedelta(seconds=self.world.clock.shorten(wait))

    def _follow_up(self, pending: Pending) -> None:
        author = pending.author
        brand = self.world.profiles[self.world.posts[pending.post_id].author_id]
        fitting = [line for line in lines() if line.kind == "followup" and line.language == author.language]
        text = self._word(self._random.choice(fitting), brand, private=False)
        draft = Draft(text, reply_to=pending.post_id, language=author.language)
        self.world.write(author.id, draft)
