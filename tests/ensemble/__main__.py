"""The slow suite: ``python -m tests.ensemble [KILLS]`` kills 2,000 times, or as often as is said."""

import sys
import tempfile
from pathlib import Path

from tests.ensemble.killing import Killer, make_undisturbed

RUNS = 400
PAUSE_S = 0.002


def main() -> None:
    kill_count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as place:
        hashes = make_undisturbed(Path(place) / "undisturbed", RUNS, PAUSE_S)
        figures = Killer(Path(place), RUNS, PAUSE_S, seed=kill_count).work(kill_count, hashes)
    print(figures)
    figures.assert_nothing_lost()


if __name__ == "__main__":
    main()
