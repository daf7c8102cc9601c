"""One text, three documents: from Markdown to HTML, PDF and DOCX, with one numbering."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pypandoc

from estimators.evidence.problems import refuse
from estimators.publish.catalogue import retold, say
from estimators.publish.escaping import plain
from estimators.publish.fonts import StyleError, missing_letters, refuse_missing
from estimators.publish.front import Front
from estimators.publish.house import TEMPLATES, House
from estimators.publish.render import write_bibliographies
from estimators.publish.typeset import typeset
from estimators.publish.word import write_reference

DOCUMENTS = ("report.html", "report.pdf", "report.docx")
# Nothing raw passes: what a study says is text, whatever it looks like.
_READER = "markdown-raw_html-raw_tex-raw_attribute-native_divs-native_spans-smart"
_BROKEN = 65  # the code with which numbering.lua ends
# Languages whose papers cite foreign works as these do: (Winkler 1981), not (Winkler 1981년).
_CITED_IN = {"ko": "en"}
_UNKNOWN = re.compile(r"[Cc]itation ['\"]?(\S+?)['\"]? not found")


def write_documents(
    markdown: str, front: Front, references: str, house: House, folder: Path
) -> None:
    """Write report.html, report.pdf and report.docx.

    Parameters
    ----------
    markdown
        The filled template.
    front
        What stands before it.
    references
        BibTeX or CSL-JSON of the study.
    house
        The house style.
    folder
        Where to; the figures lie there in a folder of that name.

    Raises
    ------
    EvidenceError
        If the study's references cannot be read.
    StyleError
        If a figure has no words, a reference leads nowhere, no font has a letter, or a template
        of the house cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix=".work-", dir=folder) as name:
        work = Path(name)
        tree = _read(markdown, front, references, house, work)
        _require_letters(tree, front, house)
        makers = (_write_html, _write_pdf, _write_docx)
        with ThreadPoolExecutor(len(makers)) as pool:
            tasks = [
                pool.submit(copy_context().run, make, tree, front, house, folder, work)
                for make in makers
            ]
            for task in tasks:
                task.result()


def _read(markdown: str, front: Front, references: str, house: House, work: Path) -> str:
    """Return the text as pandoc's tree, its figures numbered and its citations resolved."""
    options = [
        f"--from={_READER}",
        "--to=json",
        f"--lua-filter={TEMPLATES / 'numbering.lua'}",
        "--citeproc",
        *(f"--bibliography={path}" for path in write_bibliographies(references, work)),
        *_metadata(front, house),
        "--metadata=link-citations:true",
        "--metadata=nocite:@*",
        "--fail-if-warnings",
    ]
    done = _run(options, markdown, front, work)
    if done.returncode:
        raise _explained(done, house)
    return done.stdout


def _metadata(front: Front, house: House) -> Iterator[str]:
    given = {
        "title": front.title,
        "subtitle": front.question,
        "byline": front.byline,
        "publisher": house.name,
        "footer": house.footer,
        "lang": _CITED_IN.get(house.language.partition("-")[0], house.language),
        "figure-word": retold(house.figure),
        "table-word": retold(house.table),
    }
    return (f"--metadata={name}:{plain(text)}" for name, text in given.items() if text)


def _run(
    options: Sequence[str], text: str, front: Front, folder: Path
) -> subprocess.CompletedProcess[str]:
    """Return what pandoc did; threads may run it side by side, so no folder is changed to."""
    return subprocess.run(
        [pypandoc.get_pandoc_path(), *options],
        input=text,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=os.environ | {"SOURCE_DATE_EPOCH": str(front.time)},
        check=False,
    )


def _explained(done: subprocess.CompletedProcess[str], house: House) -> ValueError:
    """Return the error that says what pandoc stumbled over."""
    template = house.file("report.md")
    if done.returncode == _BROKEN:
        lines = [line.removeprefix("report.md: ") for line in done.stderr.strip().split("\n")]
        told = "\n".join(f"  {plain(line)}" for line in lines)
        return StyleError(f"the template {template} cannot be used:\n{told}")
    if unknown := dict.fromkeys(_UNKNOWN.findall(done.stderr)):
        return StyleError(
            f"the template {template} cites {', '.join(unknown)}, which neither the study's "
            "references nor those of the methods have. Add the entry, or cite another."
        )
    for name in ("references.bib", "references.json"):
        if name in done.stderr:
            return refuse(name, f"it cannot be read ({plain(done.stderr)}).", "Mend the entry.")
    return StyleError(f"the template {template} cannot be used: {plain(done.stderr)}")


def _require_letters(tree: str, front: Front, house: House) -> None:
    said = "".join(_texts(json.loads(tree)["blocks"]))
    text = "".join((said, front.title, front.question, front.byline, house.name, house.footer))
    if letters := missing_letters(text, house.files):
        raise refuse_missing(letters, "the report")


def _texts(node: Any) -> Iterator[str]:
    """Yield every text of a tree of pandoc's; addresses and attributes with it do no harm."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for part in node:
            yield from _texts(part)
    elif isinstance(node, dict):
        yield from _texts(node.get("c", []))


def _convert(options: Sequence[str], tree: str, front: Front, folder: Path) -> str:
    done = _run(["--from=json", "--fail-if-warnings", *options], tree, front, folder)
    if done.returncode:
        raise StyleError(f"pandoc could not write the report: {plain(done.stderr)}")
    return done.stdout


def _write_html(tree: str, front: Front, house: House, folder: Path, work: Path) -> None:
    options = [
        "--to=html5",
        f"--metadata=lang:{house.language}",
        "--wrap=none",
        "--standalone",
        "--embed-resources",
        "--mathml",
        "--toc",
        "--toc-depth=1",
        f"--template={TEMPLATES / 'page.html'}",
        f"--lua-filter={TEMPLATES / 'html.lua'}",
        f"--css={house.file('report.css').resolve()}",
        f"--variable=accent={house.accent}",
        f"--variable=ink={house.ink}",
        f"--variable=family={house.family}",
        *([f"--variable=logo={house.logo.resolve()}"] if house.logo else []),
        f"--variable=toc-title={say('Contents')}",
        f"--variable=skip={say('To the text')}",
    ]
    page = _convert(options, tree, front, folder)
    (folder / "report.html").write_text(page, encoding="utf-8", newline="\n")


def _write_docx(tree: str, front: Front, house: House, folder: Path, work: Path) -> None:
    reference = house.file("reference.docx")
    if not reference.is_file():
        reference = write_reference(house, work / "reference.docx")
    options = [
        "--to=docx",
        f"--metadata=lang:{house.language}",
        f"--lua-filter={TEMPLATES / 'docx.lua'}",
        f"--reference-doc={reference.resolve()}",
        f"--output={folder / 'report.docx'}",
    ]
    _convert(options, tree, front, folder)


def _write_pdf(tree: str, front: Front, house: House, folder: Path, work: Path) -> None:
    logo = _copied_logo(house, work)
    options = [
        "--to=typst-citations",  # they are resolved already
        f"--metadata=lang:{house.language}",
        "--standalone",
        f"--template={house.file('report.typ').resolve()}",
        f"--lua-filter={TEMPLATES / 'typst.lua'}",
        f"--variable=accent={house.accent}",
        f"--variable=ink={house.ink}",
        *(f"--variable=family={family}" for family in house.families),
        f"--variable=typst-lang={house.language.partition('-')[0].lower()}",
        *(f"--variable=typst-region={region}" for region in _region(house.language)),
        *([f"--variable=logo=/{work.name}/{logo}"] if logo else []),
    ]
    source = work / "report.typ"
    source.write_text(_convert(options, tree, front, folder), encoding="utf-8", newline="\n")
    typeset(source, folder / "report.pdf", folder, house, front.time)


def _region(language: str) -> list[str]:
    """Return the region of a language such as pt-BR; of zh-Hant, which is a script, none."""
    return [part.upper() for part in language.split("-")[1:] if len(part) == len("BR")]


def _copied_logo(house: House, work: Path) -> str:
    """Return the name of the logo beside the source, since Typst reads nothing outside it."""
    if house.logo is None:
        return ""
    name = f"logo{house.logo.suffix.lower()}"
    (work / name).write_bytes(house.logo.read_bytes())
    return name
