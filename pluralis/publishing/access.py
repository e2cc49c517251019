"""The only way from a person and an id to a delivery or a part."""

from uuid import UUID

from pluralis.publishing.models import Card, Delivery, Import, Part
from pluralis.teams.access import Ability, may, require, valid_id
from pluralis.teams.errors import NotFound
from pluralis.teams.models import AccountKind, Membership


def access_delivery(actor: Membership, delivery_id: UUID | str, ability: Ability = Ability.VIEW) -> Delivery:
    """Return a delivery of the actor's team; a member reaches those on their own account in any case."""
    found = Delivery.objects.select_related("account", "post").filter(team=actor.team_id, id=valid_id(delivery_id))
    delivery = found.first()
    if delivery is None:
        raise NotFound("delivery")
    _require(actor, delivery, ability)
    return delivery


def access_part(actor: Membership, part_id: UUID | str, ability: Ability = Ability.VIEW) -> Part:
    """Return a part of the actor's team; a member reaches those on their own account in any case."""
    found = Part.objects.select_related("account", "delivery__post", "upload")
    part = found.filter(team=actor.team_id, id=valid_id(part_id)).first()
    if part is None:
        raise NotFound("part")
    _require(actor, part.delivery, ability)
    return part


def access_card(actor: Membership, card_id: UUID | str) -> Card:
    """Return a card of the actor's team that has a picture."""
    card = Card.objects.filter(team=actor.team_id, id=valid_id(card_id)).exclude(picture="").first()
    if card is None:
        raise NotFound("card")
    return card


def access_import(actor: Membership, import_id: UUID | str) -> Import:
    """Return an import of the actor's team: one's own, or anybody's for who plans for the team."""
    one = Import.objects.select_related("created_by__user").filter(team=actor.team_id, id=valid_id(import_id)).first()
    if one is None:
        raise NotFound("import")
    if one.created_by_id != actor.id and not may(actor, Ability.VIEW):
        raise NotFound("import")
    require(actor, Ability.WRITE)
    return one


def _require(actor: Membership, delivery: Delivery, ability: Ability) -> None:
    account = delivery.account
    if account.kind == AccountKind.EMPLOYEE and account.member_id == actor.id:
        return
    if delivery.created_by_id == actor.id and may(actor, Ability.WRITE):
        return
    if not may(actor, Ability.VIEW):
        # An employee publishes from their own account only; of the others nothing exists for them.
        raise NotFound("delivery")
    require(actor, ability)


def lock_part(part_id: UUID) -> Part:
    """Return a part for the program itself, locked until the transaction ends; no person asks here.

    Locked first and read second: a statement that waited for the lock would show the part as it is now beside its
    delivery and its post as they were before the wait. Two queries.
    """
    Part.objects.select_for_update().only("id").get(id=part_id)
    return Part.objects.select_related("account", "delivery__post", "segment").get(id=part_id)
