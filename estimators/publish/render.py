"""From the template to one page that needs no other file: Jinja, then pandoc."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pypandoc
from jinja2 import Environment, PackageLoader, StrictUndefined

from estimators.evidence.problems import refuse
from estimators.publish.escaping import escape, plain

TEMPLATES = files("estimators.publish") / "templates"
# Nothing raw passes: what a study says is text, whatever it looks like.
_READER = "markdown-raw_html-raw_tex-raw_attribute-native_divs-native_spans-smart"
_KEY = re.compile(r"@\w+\s*[{(]\s*([^,\s]+)\s*,")


@cache
def environment() -> Environment:
    """Return Jinja with delimiters that Markdown leaves alone; a missing name is an error."""
    made = Environment(
        loader=PackageLoader("estimators.publish", "templates"),
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
    )
    made.filters["e"] = escape
    made.filters["code"] = _code
    return made


def fill(context: Mapping[str, Any]) -> str:
    """Return the report as Markdown.

    Parameters
    ----------
    context
        What the template names.
    """
    return environment().get_template("report.md").render(context)


def to_html(markdown: str, title: str, references: str, folder: Path) -> str:
    """Return the report as one HTML page with its figures, style and formulas inside.

    Parameters
    ----------
    markdown
        The filled template.
    title
        Title of the page.
    references
        BibTeX of the study.
    folder
        Where the figures lie, in a folder of that name.

    Raises
    ------
    EvidenceError
        If the study's references cannot be read.
    """
    with tempfile.TemporaryDirectory() as place:
        bibliography = Path(place) / "references.bib"
        bibliography.write_text(bibliography_of(references), encoding="utf-8")
        try:
            return str(_pandoc(markdown, title, bibliography, folder))
        except RuntimeError as error:
            if "references.bib" not in str(error):
                raise
            raise refuse(
                "references.bib", f"it cannot be read ({plain(error)}).", "Mend the entry."
            ) from None


def bibliography_of(references: str) -> str:
    """Return the study's references with those that the methods cite and it does not have.

    Parameters
    ----------
    references
        BibTeX of the study.
    """
    own = set(_KEY.findall(references))
    ours = (TEMPLATES / "methods.bib").read_text("utf-8")
    entries = re.split(r"^(?=@)", ours, flags=re.MULTILINE)
    missing = [e for e in entries if (key := _KEY.match(e)) and key[1] not in own]
    return "\n".join([references, *missing])


def _pandoc(markdown: str, title: str, bibliography: Path, folder: Path) -> str:
    options = [
        "--standalone",
        "--embed-resources",
        "--mathml",
        "--toc",
        "--toc-depth=1",
        "--citeproc",
        f"--lua-filter={TEMPLATES / 'links.lua'}",
        f"--css={TEMPLATES / 'report.css'}",
        f"--bibliography={bibliography}",
        f"--metadata=title:{plain(title)}",
        "--metadata=lang:en",
        "--metadata=link-citations:true",
        "--metadata=document-css:false",
        "--metadata=nocite:@*",
        "--fail-if-warnings",
    ]
    return str(
        pypandoc.convert_text(
            markdown, "html5", format=_READER, extra_args=options, cworkdir=str(folder)
        )
    )


def _code(text: object) -> str:
    """Return a word for a command line inside a code block: no other letters than names have."""
    return re.sub(r"[^\w./-]", "_", plain(text)) or "FOLDER"
