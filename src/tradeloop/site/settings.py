"""Django's settings: which apps there are, and how the database keeps its promises."""

from __future__ import annotations

import os

# The portal will need a real one; what runs so far signs nothing with it.
SECRET_KEY = os.environ.get("TRADELOOP_SECRET_KEY", "not-yet-used")
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the order of the layers: the functions of an app may call those of the apps above it.
INSTALLED_APPS = [
    "tradeloop.journal",
    "tradeloop.parties",
    "tradeloop.ledger",
    "tradeloop.trades",
    "tradeloop.registry",
    "tradeloop.receivables",
    "tradeloop.cover",
    "tradeloop.settlement",
    "tradeloop.claims",
    "tradeloop.recovery",
    "tradeloop.jobs",
    "procrastinate.contrib.django",
]

# Which server it is gets known when it runs: `store.database.use` fills this in.
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": ""}}

# The folder of the keys that sign the log; `site.opened` names it. Without it nothing is signed.
TRADELOOP_KEYS: str | None = None

# A folder of one's own schemes, looked through beside those that come with us.
TRADELOOP_SCHEMES: str | None = os.environ.get("TRADELOOP_SCHEMES")
