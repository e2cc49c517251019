"""Pictures of the team: taken in, described, and shown by the object's own access rule."""

from typing import BinaryIO, cast
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from pluralis.inbox.access import access_profile
from pluralis.posts import actions
from pluralis.posts.access import access_media
from pluralis.publishing.actions import describe_media
from pluralis.teams.access import access_account
from pluralis.teams.errors import ActionError, Invalid
from pluralis.web import avatars
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.ranges import serve_stored
from pluralis.web.templatetags.desk import initials_svg


@require_POST
@seated
def pictures(request: SeatedRequest) -> HttpResponseBase:
    """Take a picture or film in; answers with its id and addresses, or with the reason why it is none."""
    sent = request.FILES.get("picture")
    try:
        if sent is None:
            raise Invalid("no_picture", "")
        stream = cast(BinaryIO, sent.file)
        media = actions.add_media(actor=request.membership, content=stream, alt_text="", now=timezone.now())
    except ActionError as error:
        return JsonResponse({"error": str(error)}, status=error.status)
    addresses = {"url": reverse("media", args=[media.id]), "describe_url": reverse("describe", args=[media.id])}
    return JsonResponse({"id": str(media.id), "film": media.is_film, **addresses})


@require_POST
@seated
def describe(request: SeatedRequest, media_id: UUID) -> HttpResponseBase:
    """Give a picture its words for people who cannot see it.

    Words change a post that is on its road: the page that edits it (``post``, at ``revision``) hears of the new
    revision, unless somebody else saved the post meanwhile.
    """
    words, decorative = request.POST.get("alt_text", "").replace("\x00", ""), request.POST.get("decorative") == "1"
    try:
        done = describe_media(actor=request.membership, media_id=media_id, alt_text=words, decorative=decorative,
                              now=timezone.now())  # fmt: skip
    except ActionError as error:
        return JsonResponse({"error": str(error)}, status=error.status)
    revision = {str(post): number for post, number in done.revisions.items()}.get(request.POST.get("post", ""))
    if revision is None or request.POST.get("revision") != str(revision - 1):
        return HttpResponse(status=204)
    return JsonResponse({"revision": revision})


@seated
def media(request: SeatedRequest, media_id: UUID) -> HttpResponseBase:
    """Show a picture to members of its team, as a picture and as nothing else."""
    found = access_media(request.membership, media_id)
    response = serve_stored(request, found.file, found.content_type, found.sha256)
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@seated
def avatar(request: SeatedRequest, profile_id: UUID) -> HttpResponseBase:
    """The face of somebody who wrote to us; their initials where there is none."""
    found = access_profile(request.membership, profile_id)
    return _face(found.display_name or found.handle, found.avatar_url)


@seated
def account_avatar(request: SeatedRequest, account_id: UUID) -> HttpResponseBase:
    """The face of one of our own accounts."""
    found = access_account(request.membership, account_id)
    return _face(found.display_name or found.handle, found.avatar_url)


def _face(name: str, url: str) -> HttpResponse:
    content = avatars.face_of(url)
    if content is None:
        response = HttpResponse(initials_svg(name), content_type="image/svg+xml")
    else:
        response = HttpResponse(content, content_type=avatars.CONTENT_TYPE)
    response.headers["Cache-Control"] = f"private, max-age={86400 if content else 300}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
