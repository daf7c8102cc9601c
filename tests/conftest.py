"""What tests of all folders may ask for."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reports_file():
    """The loss reports of Radford et al. 2023, where there is a copy of them."""
    path = Path(os.environ.get("UNDERCOUNT_DATA", "")) / "ukraine_losses" / "reports.csv"
    if not os.environ.get("UNDERCOUNT_DATA") or not path.is_file():
        pytest.skip(
            "no copy of the reports: set UNDERCOUNT_DATA to the folder that holds "
            "ukraine_losses/reports.csv"
        )
    return path
