"""Fifty members press *claim* at the same instant, conversation after conversation: exactly one has each."""

import time
from typing import Any


def claim(world: Any, racers: int, conversations: int) -> dict[str, float]:
    """Print how many conversations had more or fewer than one winner; returns the numbers of the last lines."""
    from django.utils import timezone

    from pluralis.inbox.models import Conversation
    from pluralis.teams.models import Membership, User
    from tests.apps.inbox.racing import race

    now = timezone.now()
    members = list(world.members)
    for number in range(racers - len(members)):
        user = User.objects.create_user(email=f"racer{number}@example.org", name=f"Racer {number}")
        members.append(Membership.objects.create(team=world.team, user=user, role="agent", created_at=now))
    free = Conversation.objects.filter(team=world.team, state="open", assigned_to=None).order_by("-last_message_at")
    wanted = list(free.values_list("id", flat=True)[:conversations])
    began = time.perf_counter()
    won = race(members, wanted, keep=True)
    seconds = time.perf_counter() - began
    holders = dict(Conversation.objects.filter(id__in=wanted).values_list("id", "assigned_to"))
    both = sum(len(each) > 1 for each in won)
    nobody = sum(not each for each in won)
    wrong = sum(len(each) == 1 and holders[key] != each[0] for key, each in zip(wanted, won, strict=True))
    print(f"{'claims at the same instant':<44}{'members':>8}{'doubled':>9}{'nobody':>9}{'wrong':>9}{'presses/s':>11}")
    print(f"{f'{len(wanted)} conversations':<44}{len(members):>8}{both:>9}{nobody:>9}{wrong:>9}"
          f"{len(wanted) * len(members) / seconds:>11.0f}", flush=True)  # fmt: skip
    return {"claimed": len(wanted), "claimed_by_two": both, "claimed_by_nobody": nobody + wrong}
