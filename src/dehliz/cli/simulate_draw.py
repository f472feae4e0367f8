"""The page of ``dehliz simulate --report``."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dehliz.cli.simulate_make import Answer
from dehliz.report.simulation_page import draw_simulation
from dehliz.study.picture import picture
from dehliz.version import __version__


def draw_page(found: Answer, document: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> str:
    """The page of an answer.

    Parameters
    ----------
    found : Answer
        What was found.
    document, tables : mapping
        Of it, as ``describe`` makes them.
    """
    year = str(found.base.plan.start)[:4]
    manifest = {"title": f"Operations of {year}, simulated", "version": __version__, **document}
    return draw_simulation(picture(found.base, found.operations.loaded.network, tables), manifest)
