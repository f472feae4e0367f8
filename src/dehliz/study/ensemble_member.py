"""One run of an ensemble: computed, and written whole or not at all.

The file of a run is a ZIP archive, not compressed, of its tables in Parquet and of ``run.json``, which says what they
belong to. Its last 64 bytes are the SHA-256 of everything before them, so that a file proves itself without any
record. Executors call ``run_member``; ``study/ensemble_store.py`` records what it returns.
"""

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from dehliz.study.ensemble_disk import write_aside
from dehliz.study.ensemble_environment import check_environment
from dehliz.study.ensemble_job import Job, Order, Written, make_job

if TYPE_CHECKING:
    import pandas as pd

RUNS: Final = "runs"
ENDING: Final = ".run"

_HEAD: Final = "run.json"
_SEAL_LENGTH: Final = 64
_PER_FOLDER: Final = 1000
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Date of every entry of an archive, so that equal tables give equal bytes."""


class Damaged(Exception):
    """A run's file is missing, or not what was written."""


def find_path(folder: Path, number: int) -> Path:
    """Where the file of a run stands."""
    return folder / RUNS / f"{number // _PER_FOLDER:04d}" / f"{number:07d}{ENDING}"


def run_member(order: Order, number: int) -> Written:
    """Compute a run and put its file into the folder; a file that is there and whole is left as it is.

    Parameters
    ----------
    order : Order
        Specification, folder and versions.
    number : int
        Number of the run.

    Returns
    -------
    Written
        What is to be recorded.

    Raises
    ------
    StoreError
        When the disk refuses, or this process has other versions.
    Exception
        Whatever the job raises.
    """
    check_environment(order.environment, "This worker")
    path = find_path(Path(order.folder), number)
    try:
        content = read_sealed(path)
        check_head(content, order, number)
        return Written(number, tell_seal(content), len(content), 0.0)
    except Damaged:
        pass
    job = _make(order.spec)
    start_s = time.perf_counter()
    tables = job.run(number)
    job_s = time.perf_counter() - start_s
    content = pack(tables, order, number)
    write_aside(path, content)
    return Written(number, tell_seal(content), len(content), job_s)


@lru_cache(maxsize=1)
def _make(spec: str) -> Job:
    """The job of this process, by what it is asked for."""
    return make_job(json.loads(spec))


def pack(tables: "Mapping[str, pd.DataFrame]", order: Order, number: int) -> bytes:
    """Content of a run's file.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of the run.
    order : Order
        What it belongs to.
    number : int
        Number of the run.
    """
    head = {
        "number": number,
        "spec": order.spec_hash,
        "environment": order.environment,
        "tables": sorted(tables),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = b"0" * _SEAL_LENGTH
        archive.writestr(zipfile.ZipInfo(_HEAD, _EPOCH), json.dumps(head, sort_keys=True))
        for name in sorted(tables):
            arrow = pa.Table.from_pandas(tables[name], preserve_index=False, nthreads=1)
            sink = io.BytesIO()
            pq.write_table(
                arrow.replace_schema_metadata(None), sink, compression="zstd", write_page_checksum=True
            )
            archive.writestr(zipfile.ZipInfo(f"{name}.parquet", _EPOCH), sink.getvalue())
    body = target.getvalue()[:-_SEAL_LENGTH]
    return body + hashlib.sha256(body).hexdigest().encode()


def tell_seal(content: bytes) -> str:
    """The SHA-256 that a run's file ends in."""
    return content[-_SEAL_LENGTH:].decode("ascii")


def read_sealed(path: Path) -> bytes:
    """Content of a run's file whose last bytes say what the others must be.

    Raises
    ------
    Damaged
        When there is no such file or a bit of it is another one.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Damaged(f"{path} is missing") from None
    seal = hashlib.sha256(content[:-_SEAL_LENGTH]).hexdigest().encode()
    if len(content) <= _SEAL_LENGTH or seal != content[-_SEAL_LENGTH:]:
        raise Damaged(f"{path} is not the file that was written")
    return content


def check_head(content: bytes, order: Order, number: int) -> dict[str, Any]:
    """What a run's file says of itself, when it belongs to the ensemble.

    Raises
    ------
    Damaged
        When it is another run, of another study or of other versions.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        head: dict[str, Any] = json.loads(archive.read(_HEAD))
    wanted = (number, order.spec_hash, order.environment)
    if (head["number"], head["spec"], head["environment"]) != wanted:
        raise Damaged(f"run {number} is of another ensemble")
    return head


def read_member(path: Path, order: Order, number: int, sha256: str = "") -> dict[str, pa.Table]:
    """Tables of a run, verified.

    Parameters
    ----------
    path : Path
        Its file.
    order : Order
        What it must belong to.
    number : int
        Which run it must be.
    sha256 : str
        What was recorded; not compared when empty.

    Raises
    ------
    Damaged
        When the file is missing, changed, or not the recorded one.
    """
    content = read_sealed(path)
    if sha256 and tell_seal(content) != sha256:
        raise Damaged(f"{path} is not the file that was recorded")
    head = check_head(content, order, number)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: _read_table(archive.read(f"{name}.parquet")) for name in head["tables"]}


def _read_table(content: bytes) -> pa.Table:
    # Without reading ahead, for which other threads would have to be woken: a quarter of the time for a small table.
    file = pq.ParquetFile(pa.BufferReader(content), pre_buffer=False, page_checksum_verification=True)
    return file.read(use_threads=False)
