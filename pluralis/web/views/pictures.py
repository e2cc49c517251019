"""Pictures of the team: taken in, described, and shown by the object's own access rule."""

from uuid import UUID

from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from pluralis.posts import actions
from pluralis.posts.access import access_media
from pluralis.teams.errors import ActionError, Invalid
from pluralis.web.gates import SeatedRequest, seated


@require_POST
@seated
def pictures(request: SeatedRequest) -> HttpResponseBase:
    """Take a picture in; answers with its id and addresses, or with the reason why it is none."""
    sent = request.FILES.get("picture")
    try:
        if sent is None:
            raise Invalid("no_picture", "")
        media = actions.add_picture(actor=request.membership, content=sent.read(), alt_text="", now=timezone.now())
    except ActionError as error:
        return JsonResponse({"error": str(error)}, status=error.status)
    addresses = {"url": reverse("media", args=[media.id]), "describe_url": reverse("describe", args=[media.id])}
    return JsonResponse({"id": str(media.id), **addresses})


@require_POST
@seated
def describe(request: SeatedRequest, media_id: UUID) -> HttpResponseBase:
    """Give a picture its words for people who cannot see it."""
    media = access_media(request.membership, media_id)
    words, decorative = request.POST.get("alt_text", ""), request.POST.get("decorative") == "1"
    actions.describe_picture(actor=request.membership, media=media, alt_text=words, decorative=decorative)
    return HttpResponse(status=204)


@seated
def media(request: SeatedRequest, media_id: UUID) -> HttpResponseBase:
    """Show a picture to members of its team, as a picture and as nothing else."""
    found = access_media(request.membership, media_id)
    response = FileResponse(found.file.open("rb"), content_type=found.content_type)
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
