"""Which messages a catalogue holds: those of the code, of the template and of the tables.

`python -m estimators.publish.messages` prints them as a file to translate; `python -m
estimators.publish.messages ko.po` brings such a file up to date and says what it lacks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from estimators.publish.columns import known_tables
from estimators.publish.house import TEMPLATES

type Found = tuple[str, str | tuple[str, ...]]

_CODE = Path(__file__).parent
_SAID: dict[str, tuple[int, ...] | None] = {"say": None, "marked": None, "say_many": (1, 2)}
_SIGNS = {
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "block_start_string": "<%",
    "block_end_string": "%>",
    "comment_start_string": "<!--#",
    "comment_end_string": "#-->",
    "trimmed": "true",
    "newstyle_gettext": "true",
    "silent": "false",
}


def messages() -> Catalog:
    """Return every message, with the files in which it stands."""
    made = Catalog(project="Undercount", charset="utf-8")
    for place, message in (*_of_code(), *_of_template(), *_of_tables()):
        made.add(message, locations=[(place, None)])  # type: ignore[list-item]
    return made


def _of_code() -> Iterator[Found]:
    for path in sorted(_CODE.glob("*.py")):
        with path.open("rb") as file:
            for _, message, _, _ in extract("python", file, keywords=_SAID):
                yield path.name, message


def _of_template() -> Iterator[Found]:
    file = BytesIO((TEMPLATES / "report.md").read_bytes())
    for _, _, message, _ in babel_extract(file, ("gettext", "_"), (), dict(_SIGNS)):
        yield "report.md", _text(message)


def _text(message: object) -> str:
    return str(message[0] if isinstance(message, tuple) else message)


def _of_tables() -> Iterator[Found]:
    """Yield titles, how tables are read, units and meanings of columns."""
    for known in known_tables().values():
        for name, said in known.items():
            if isinstance(said, str):
                parts = (said,) if name in ("title", "read") else said.rpartition("|")[::2]
                yield from (("columns.toml", part.strip()) for part in parts if part.strip())


def as_file(made: Catalog) -> bytes:
    """Return a catalogue as a file, without the address for reports that nobody filled in.

    Parameters
    ----------
    made
        The catalogue; what is in no text any more is left out.
    """
    file = BytesIO()
    write_po(file, made, width=100, ignore_obsolete=True)
    return file.getvalue().replace(b'"Report-Msgid-Bugs-To: EMAIL@ADDRESS\\n"\n', b"")


def main() -> None:
    """Print a file to translate, or bring one up to date."""
    found = messages()
    if len(sys.argv) == 1:
        sys.stdout.buffer.write(as_file(found))
        return
    path = Path(sys.argv[1])
    with path.open("rb") as file:
        made = read_po(file)
    made.update(found, no_fuzzy_matching=True)
    path.write_bytes(as_file(made))
    lacking = [str(message.id) for message in made if message.id and not message.string]
    print(f"{len(lacking)} of {len(made)} are not translated.", *lacking, sep="\n")


if __name__ == "__main__":
    main()
