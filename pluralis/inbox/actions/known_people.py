"""People who are known already when they write: renamed ones keep their past, awaited ones find their contact."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pluralis.core.folding import fold
from pluralis.inbox.models import AwaitedProfile, Contact, FormerHandle, Profile
from pluralis.networks.contract import RemoteProfile
from pluralis.teams.models import Account


def keep_former_handles(profiles: Iterable[Profile], before: Mapping[str, str], now: datetime) -> None:
    """Remember what profiles were called; ``before`` holds handles by remote id. One query at most."""
    renamed = [each for each in profiles if fold(before[each.remote_id]) != each.search_handle]
    if renamed:
        FormerHandle.objects.bulk_create(
            FormerHandle(team_id=each.team_id, profile=each, handle=before[each.remote_id], until=now)
            for each in renamed
        )


def awaited_contacts(account: Account, newcomers: Iterable[RemoteProfile]) -> dict[str, Contact]:
    """Return the contacts of the company's own list that newcomers turn out to be, by remote id. Two queries at most.

    Their waiting ends with this.
    """
    handles = {fold(each.handle)[:255]: each.remote_id for each in newcomers}
    if not handles:
        return {}
    waiting = AwaitedProfile.objects.filter(team=account.team_id, network=account.network, handle__in=handles)
    rows = list(waiting.select_related("contact"))
    if rows:
        AwaitedProfile.objects.filter(id__in=[each.id for each in rows]).delete()
    return {handles[each.handle]: each.contact for each in rows}
