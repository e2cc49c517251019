from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "pluralis.web"
    label = "web"
