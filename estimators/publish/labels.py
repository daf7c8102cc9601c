"""Labels of quantities as they stand inside a sentence."""

from __future__ import annotations

from estimators.publish.escaping import plain

_PARTICIPLES = frozenset(
    {"held", "kept", "sent", "shot", "lost", "taken", "driven", "hidden", "seen", "hurt", "caught"}
)


def is_participle(label: str) -> bool:
    """Return whether a label such as 'Held in China' can follow 'people were'.

    Parameters
    ----------
    label
        The label, as a study says it.
    """
    first = plain(label).split(" ")[0].lower()
    return first in _PARTICIPLES or (len(first) > 4 and first.endswith("ed"))


def lowered(label: str) -> str:
    """Return a label as it stands inside a sentence.

    Parameters
    ----------
    label
        The label, as a study says it.
    """
    text = plain(label)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
