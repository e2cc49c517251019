from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "pluralis.publishing"
    label = "publishing"
