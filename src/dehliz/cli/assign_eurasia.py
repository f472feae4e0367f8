"""``assign`` on the bundled network of Eurasia and on networks of one's own in Dehliz's tables."""

from dehliz.base.errors import SettingsError
from dehliz.cli.assign_options import Asked


def assign_bundled(asked: Asked) -> int:
    """Load the demand of a year onto the network; returns the exit code.

    Parameters
    ----------
    asked : Asked
        What the command line asks for; ``network`` is None, or a path that holds Dehliz's own tables.

    Raises
    ------
    SettingsError
        As long as there is no demand for such networks.
    """
    given = "no network" if asked.network is None else f"the network {asked.network}"
    raise SettingsError(
        f"Option --network: {given} was given. It needs a test network (tntp:FOLDER) or a GMNS folder. "
        "Give one of them."
    )
