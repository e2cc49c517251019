from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "pluralis.teams"
    label = "teams"
