from django.apps import AppConfig
from django.conf import settings


class TeamsConfig(AppConfig):
    name = "pluralis.teams"
    label = "teams"

    def ready(self) -> None:
        if settings.DEMO:
            _reach_the_demo()


def _reach_the_demo() -> None:
    """Let this process reach the demo's own networks: their exact origins, nothing else on this machine."""
    from pluralis.networks.addresses import allow_private_origins
    from pluralis.networks.fake import standing

    place = standing.read(settings.ENVIRONMENT.data_dir)
    if place is not None:
        allow_private_origins(place.origins.values())
