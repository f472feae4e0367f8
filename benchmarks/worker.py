"""One tool in a process of its own: ``python -m benchmarks.worker TOOL TASK.npz OUT.npz``.

Ends with status 3 and one plain line when the tool is not installed.
"""

import importlib.metadata
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import measure
from benchmarks.rivals import RIVALS
from benchmarks.task import load_task

ABSENT = 3
OURS = "dehliz"


def main(tool: str, task_path: str, out_path: str) -> int:
    """Measure and store; 0, or ABSENT."""
    if tool == OURS:
        from benchmarks.bench_rail import Dehliz

        adapter, module = Dehliz(), OURS
    else:
        module, kind = RIVALS[tool]
        if importlib.util.find_spec(module) is None:
            print(f"{tool}: not installed here")
            return ABSENT
        adapter = kind()
    figures, answers = measure(adapter, load_task(Path(task_path)))
    version = importlib.metadata.version(module.replace("_", "-"))
    about = {"version": version, "path_is": adapter.path_is, "figures": figures}
    stored: dict[str, Any] = {"about": np.array(json.dumps(about)), **answers}
    np.savez(out_path, **stored)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
