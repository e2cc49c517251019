"""Every address of the product. Django's admin is not routed."""

from django.urls import include, path

from pluralis.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("pluralis.web.urls")),
    path("api/", include("pluralis.api.urls")),
    path("account/", include("allauth.urls")),
]
