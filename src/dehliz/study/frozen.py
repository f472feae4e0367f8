"""Objects on their way to another process, with arrays that stay read-only, as kernels want them.

``pickle`` forgets that an array may not be written to; a kernel would then be compiled a second time for arrays of
the other kind. ``study/critical.py`` sends a loaded network this way, from a process to those that it starts itself.
"""

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np


class _Pickler(pickle.Pickler):
    """Writes read-only arrays as their bytes."""

    def reducer_override(self, one: Any) -> Any:
        """How to make an array anew; everything else as usual."""
        if type(one) is np.ndarray and not one.flags.writeable and not one.dtype.hasobject:
            return _thaw, (one.tobytes(), one.dtype.str, one.shape)
        return NotImplemented


def _thaw(content: bytes, kind: str, shape: tuple[int, ...]) -> Any:
    return np.frombuffer(content, dtype=np.dtype(kind)).reshape(shape)


def write_frozen(path: Path, one: object) -> None:
    """Write an object into a file for a process of one's own."""
    with path.open("wb") as file:
        _Pickler(file, protocol=pickle.HIGHEST_PROTOCOL).dump(one)


def read_frozen(path: Path) -> Any:
    """Read what ``write_frozen`` has written. Only for files of one's own: a pickle can run anything."""
    return pickle.Unpickler(io.BytesIO(path.read_bytes())).load()
