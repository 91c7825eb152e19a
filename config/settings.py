"""The one settings file. Every value that differs between installations comes from the environment (see env.py)."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# Practice: the trial, training and every test. Only practice channels exist and no request leaves the machine.
PRACTICE = env.flag("PARLEY_PRACTICE", default=False)
DEBUG = env.flag("PARLEY_DEBUG", default=False)
HOME = Path(env.text("PARLEY_HOME", str(BASE_DIR / ".parley")))
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost")
PUBLIC_URL = env.text("PUBLIC_URL", "")
MEDIA_HOST = env.text("MEDIA_HOST", "")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

PARLEY_KEYRING = env.text("PARLEY_KEYRING", str(HOME / "keyring"))
PARLEY_INSTANCE_FILE = env.text("PARLEY_INSTANCE_FILE", str(HOME / "instance.json"))
EMULATOR_URL = env.text("EMULATOR_URL", "") if PRACTICE else ""
PRACTICE_URL = env.text("PRACTICE_URL", "") if PRACTICE else ""  # where the practice platforms fetch pictures from us
OUTBOX_TIME_FACTOR = env.number("PARLEY_TIME_FACTOR", 1.0)  # divides every duration of the outbox; tests only
FAILPOINTS = env.text("PARLEY_FAILPOINTS", "") if PRACTICE else ""
MEDIA_ROOT = Path(env.text("PARLEY_MEDIA", str(HOME / "media")))
MEDIA_QUOTA_BYTES = int(env.number("PARLEY_MEDIA_QUOTA_MB", 20_000) * 1_000_000)

INSTALLED_APPS = [
    "config",
    "accounts",
    "policy",
    "channels_app",
    "calendar_app",
    "engagement",
    "metrics",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "lucide",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.SessionAgeMiddleware",
    "accounts.sessions.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.DeskMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.frame.frame",
            ],
        },
    }
]

DATABASES = {"default": env.database(env.text("DATABASE_URL"))}
MIGRATE_DATABASE_URL = env.text("MIGRATE_DATABASE_URL", "")  # the role that owns the tables; tests make theirs with it
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL", "")
WORKER_SILENCE = env.number("PARLEY_WORKER_SILENCE", 300)  # seconds a worker may take nothing while messages wait
IDENTITY_HOSTS = env.words("IDENTITY_HOSTS")  # name:port of the town's own sign-in where it is on a private network
HEALTH_TOKEN = env.text("HEALTH_TOKEN", "")  # what a monitor must say to read /health/deep and /health/metrics
# Counters that guard sign-in live in the database and survive a lost broker; `quick` may vanish at any time.
CACHE_URL = env.text("CACHE_URL", "")
CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_rows",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # a flood of guesses must not push the counters out
    },
    "quick": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.hashing.Argon2"]
PASSWORD_RESET_TIMEOUT = 2 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.models.display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the sessions elsewhere end, the one at hand goes on
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ResetForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # what is well protected wants a password given this lately
# Wrong passwords are counted by accounts.throttling; this is for codes of the second factor, and against floods.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/key", "login": "1200/m/ip"}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateCodeForm",
    "activate_totp": "accounts.forms.ActivateForm",
}
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 26
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an invitation was the proof of the address
SECOND_FACTOR_DAYS = None if PRACTICE else 7  # for publishers, approvers and administrators
USERSESSIONS_TRACK_ACTIVITY = False

# Session cookies: the __Host- prefix needs https, which the trial on 127.0.0.1 has not; `check --deploy` refuses that.
_HTTPS = not (PRACTICE or DEBUG)
SESSION_COOKIE_NAME = "__Host-session" if _HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # absolute; the idle limit is SessionAgeMiddleware's
SESSION_IDLE_SECONDS = 3600
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^hooks/"]
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)  # whose word on the client's address is taken
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "font-src": [SELF],
        "img-src": [SELF, "data:", *([MEDIA_HOST] if MEDIA_HOST else [])],
        "media-src": [SELF, *([MEDIA_HOST] if MEDIA_HOST else [])],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("PARLEY_STATIC_ROOT", str(HOME / "static")))
FRONTEND = BASE_DIR / "config" / "deploy" / "frontend" / "node_modules"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.vendorfiles.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if env.flag("PARLEY_PLAIN_STATIC", default=False)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = env.flag("PARLEY_PLAIN_STATIC", default=False)
# Packed already, or (map) large and asked for by nobody but a developer.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "map"]

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # inside; the town's own zone is Town.zone and meets times only in forms and templates
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "channels_app.incoming.Incoming",
]

MAIL_FOLDER = HOME / "mail"
EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend" if PRACTICE else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = str(MAIL_FOLDER)
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = int(env.number("EMAIL_PORT", 587))
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Parley <parley@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask": {"()": "channels_app.redaction.Mask"}},
    "formatters": {"line": {"()": "config.logs.JsonLine"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "filters": ["mask"], "formatter": "line"}},
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("tweepy", "facebook", "mastodon", "requests_oauthlib", "httpx", "urllib3")
    },
}
