"""Classes of sources that a user adds from Python, known to every study of the process."""

from __future__ import annotations

from estimators.evidence.choices import SourceClass, unfit_spread
from estimators.evidence.claim import SOURCE_CLASSES
from estimators.evidence.parts import is_id
from estimators.evidence.problems import Unfit

_CLASSES: dict[str, SourceClass] = {}


def register_class(name: str, spread: float, reason: str) -> SourceClass:
    """Return a new class of sources, from now on known to every study of this process.

    Parameters
    ----------
    name
        The name as it stands under class in study.toml.
    spread
        Scale of the log error between origins of the class: above 0, at most 5.
    reason
        Why this spread, fit to be printed.

    Returns
    -------
    SourceClass
        The class; the same one where it was registered with these numbers before.

    Raises
    ------
    ValueError
        If the name is taken with other numbers or cannot be an id, the spread is out of its
        bounds, or the reason is missing.
    """
    if not isinstance(name, str) or not is_id(name):
        remedy = "Use letters, digits, '_', '-', '.' and ':', without spaces."
        raise Unfit(f"{name!r} cannot be the name of a class.", remedy)
    if wrong := unfit_spread(spread):
        raise Unfit(wrong, "Write e.g. 0.4.", "spread")
    if not isinstance(reason, str) or not reason.strip():
        raise Unfit("a class needs a reason.", "Say why this spread.", "reason")
    made = SourceClass(name, spread, reason)
    if name in SOURCE_CLASSES or (name in _CLASSES and _CLASSES[name].spread != spread):
        raise Unfit(f"{name!r} is a class already.", "Give yours another name.")
    return _CLASSES.setdefault(name, made)


def registered_classes() -> dict[str, SourceClass]:
    """Return the classes of sources that were registered, by name."""
    return dict(_CLASSES)
