from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "pluralis.inbox"
    label = "inbox"
