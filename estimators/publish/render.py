"""The report's text: the template filled by Jinja, and the references that it cites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from estimators.evidence.files import references_name
from estimators.publish.catalogue import retold, say, say_many
from estimators.publish.credit import keys_of
from estimators.publish.escaping import escape, plain
from estimators.publish.fonts import StyleError
from estimators.publish.house import TEMPLATES, House, default_house


def environment(house: House) -> Environment:
    """Return Jinja with delimiters that Markdown leaves alone; a missing name is an error.

    Parameters
    ----------
    house
        The house style, whose own template goes first.
    """
    made = Environment(
        loader=FileSystemLoader([house.folder, TEMPLATES]),
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<!--#",
        comment_end_string="#-->",
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(say, say_many, newstyle=True)  # type: ignore[attr-defined]
    made.filters["e"] = escape
    made.filters["code"] = _code
    made.filters["retold"] = retold
    return made


def fill(context: Mapping[str, Any], house: House | None = None) -> str:
    """Return the report as Markdown.

    Parameters
    ----------
    context
        What the template names.
    house
        The house style; the one that is shipped if not given.

    Raises
    ------
    StyleError
        If the template names what there is not, or cannot be read.
    """
    house = house or default_house()
    try:
        return environment(house).get_template("report.md").render(context)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f"{house.file('report.md')}{f', line {line}' if line else ''}"
        raise StyleError(
            f"{where}: {error}. A template may name only what the report knows; compare it with "
            "the one that is shipped."
        ) from None


def write_bibliographies(references: str, folder: Path) -> list[Path]:
    """Return the study's references and the methods', each as a file that pandoc reads.

    Parameters
    ----------
    references
        BibTeX or CSL-JSON of the study.
    folder
        Where to write them.

    Raises
    ------
    EvidenceError
        If the references look like CSL-JSON and are not.
    """
    methods = _methods_without(set(keys_of(references)))
    texts = {references_name(references): references, "methods.bib": methods}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts if texts[name].strip()]


def _methods_without(own: set[str]) -> str:
    """Return what the methods cite and the study does not have."""
    ours = (TEMPLATES / "methods.bib").read_text("utf-8")
    entries = re.split(r"^(?=@)", ours, flags=re.MULTILINE)
    return "\n".join(e for e in entries if not own.issuperset(keys_of(e)))


def _code(text: object) -> str:
    """Return a word for a command line inside a code block: no other letters than names have."""
    return re.sub(r"[^\w./-]", "_", plain(text)) or "FOLDER"
