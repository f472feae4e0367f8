"""A whole study with its report: what ``dehliz run`` does, for Python too.

The only place that knows both ``study`` (which computes and stores) and ``report`` (which draws what is stored).
"""

from pathlib import Path

from dehliz.report.page import build_page
from dehliz.report.simulation_page import draw_simulation
from dehliz.study.run import Made, OnStep
from dehliz.study.run import run as run_study
from dehliz.study.settings import read_study


def run(
    study: Path | str,
    folder: Path | str | None = None,
    overwrite: bool = False,
    on_step: OnStep | None = None,
) -> Made:
    """Run a study file and write its folder with the report.

    Parameters
    ----------
    study : Path or str
        Study file (TOML).
    folder : Path or str, optional
        Run folder to make; ``runs/NAME`` when left out.
    overwrite : bool
        Whether an older run in that folder may be replaced.
    on_step : callable, optional
        Told what is being done and the share that is done.

    Returns
    -------
    Made
        Folder, page, tables and notes.

    Raises
    ------
    DehlizError
        When the study, its network, a scenario or a place is wrong, or the folder cannot be written.
    """
    settings = read_study(Path(study))
    target = Path(folder) if folder else Path("runs") / settings.name
    return run_study(settings, target, overwrite, on_step, draw=build_page, draw_operations=draw_simulation)
