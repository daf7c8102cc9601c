"""The error for what may not be printed."""

from __future__ import annotations


class NotPublishableError(Exception):
    """An estimate may not be printed as it stands; the message says why and what to do."""
