from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "pluralis.api"
    label = "api"
