"""ARCHITECTURE.md names every module, and every module stays short enough to read at once."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "estimators"
LONGEST = 300
MODULES = sorted(str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py"))


def lines(module):
    return (PACKAGE / module).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_long(module):
    assert len(lines(module)) <= LONGEST


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is_for(module):
    assert lines(module)[0].startswith('"""')


def test_the_table_of_modules_lists_exactly_those_there_are():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| *`([\w/]+\.py)` *\|", text, flags=re.MULTILINE)
    assert len(set(listed)) == len(listed)
    folders = {module for module in MODULES if module.endswith("/__init__.py")}
    assert set(listed) - folders == set(MODULES) - folders
