from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "pluralis.posts"
    label = "posts"
