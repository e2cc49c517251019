"""Django's settings, all of them derived from :class:`~pluralis.config.environment.Environment`."""

import os
from datetime import timedelta
from pathlib import Path

from pluralis.config.environment import Environment, database_settings

ENVIRONMENT = Environment.from_environ(os.environ)
PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = ENVIRONMENT.secret_key
FIELD_KEYS = list(ENVIRONMENT.field_keys)
DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
SITE_URL = ENVIRONMENT.site_url
SECURE = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "pluralis.teams",
    "pluralis.posts",
    "pluralis.publishing",
    "pluralis.inbox",
    "pluralis.web",
    "pluralis.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "pluralis.web.middleware.Compressed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pluralis.web.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pluralis.web.middleware.PageAbove",
    "pluralis.web.middleware.PersonLocale",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pluralis.web.middleware.CurrentTeam",
]

ROOT_URLCONF = "pluralis.config.urls"
ASGI_APPLICATION = "pluralis.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "pluralis.web.context.desk",
            ],
        },
    }
]

DATABASES = {"default": database_settings(ENVIRONMENT.database_url)}
# A thread of a server or a worker gives its connection back after each request and job, and while it waits for a
# network; without a pool each of those would be a new connection, and with a long age as many as there are threads.
DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": ENVIRONMENT.database_pool, "timeout": 10}
DATABASE_DIRECT_URL = ENVIRONMENT.database_direct_url
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "pluralis.web.sign_up.InvitationOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none" if ENVIRONMENT.email_url.startswith("console:") else "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Without a mail server no address can be verified, and a second factor must be possible all the same.
MFA_ALLOW_UNVERIFIED_EMAIL = ENVIRONMENT.email_url.startswith("console:")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español"), ("ms", "Bahasa Melayu")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["pluralis.web.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = ENVIRONMENT.media_dir
MEDIA_URL = ""
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
MEDIA_MAX_BYTES = 20 * 1024 * 1024
FILM_MAX_BYTES = ENVIRONMENT.film_max_mb * 1024 * 1024

SESSION_COOKIE_NAME = "__Host-pluralis" if SECURE else "pluralis"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
CSRF_COOKIE_NAME = "__Host-pluralis-csrf" if SECURE else "pluralis-csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "pluralis.web.views.errors.stale_form"
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"

# Shortens every span of the publishing protocol by one factor; only the crash tests set it.
PROTOCOL_SCALE = float(os.environ.get("PLURALIS_PROTOCOL_SCALE", "1"))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "pluralis.api.authentication.BearerToken",
        "pluralis.api.authentication.DeskSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["pluralis.api.permissions.SeatAndScope"],
    "DEFAULT_PARSER_CLASSES": ["pluralis.api.parsing.BoundedJSON"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "pluralis.api.schema.Schema",
    "EXCEPTION_HANDLER": "pluralis.api.errors.answer_of",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Pluralis",
    "DESCRIPTION": "The desk's own actions, for programs. An error says what happened, what was kept and what to do.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ConversationState": "pluralis.api.shapes.inbox.STATES",
        "ReplyKind": "pluralis.api.shapes.replies.KINDS",
        "PartState": "pluralis.api.shapes.publishing.PART_STATES",
        "PostState": "pluralis.posts.models.PostState",
        "PieceKind": "pluralis.api.shapes.review.PIECE_KINDS",
        "VerdictKind": "pluralis.posts.models.Verdict.Kind",
        "ReviewState": "pluralis.api.shapes.review.REVIEW_STATES",
        "CorrectionKind": "pluralis.publishing.models.Correction.Kind",
        "CorrectionState": "pluralis.publishing.models.Correction.State",
        "Language": "pluralis.api.shapes.posts.SPOKEN",
    },
}

PROCRASTINATE_ON_APP_READY = "pluralis.jobs.on_app_ready"
PROCRASTINATE_IMPORT_PATHS = [
    "pluralis.teams.tasks",
    "pluralis.publishing.tasks",
    "pluralis.publishing.planning",
    "pluralis.publishing.correcting",
    "pluralis.inbox.tasks",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if ENVIRONMENT.email_url.startswith("smtp"):
    from urllib.parse import parse_qs, unquote, urlsplit

    _mail = urlsplit(ENVIRONMENT.email_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS = parse_qs(_mail.query).get("tls") == ["1"]
    EMAIL_TIMEOUT = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENVIRONMENT.log_level},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
    },
}
