"""The one decorator of the cellar: plain functions that Numba compiles only when the work is worth it.

A function under ``@kernel`` stays a plain function until someone asks for its compiled form, so that
neither ``import dehliz`` nor a tiny problem loads a compiler. Compiled code is kept on disk in a folder
named by the hash of all kernel sources. ``DEHLIZ_JIT`` chooses how kernels run: ``auto`` (the size gate),
``on``, ``bounds`` (compiled, with bounds checks) or ``off``; ``DEHLIZ_CACHE_DIR`` says where it is kept.
"""

import hashlib
import importlib
import os
import pickle
import pkgutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Generic, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

SIZE_GATE_COUNT = 2_000
"""Work (arcs touched) in one call from which compiling pays: plain takes about 6 ms, compiling 3 to 5 s."""

PATIENCE_COUNT = 50_000
"""Plain work in this process (about a quarter of a second) after which even small calls are compiled."""

MODES = ("auto", "on", "off", "bounds")


class Status(IntEnum):
    """How a kernel ended; the wrapper turns anything but OK into a message with ids."""

    OK = 0
    OVERFLOW = 1
    BAD_INPUT = 2
    NO_PROGRESS = 3
    TRUNCATED = 4


def _read_mode() -> str:
    mode = os.environ.get("DEHLIZ_JIT", "auto").strip().lower() or "auto"
    if mode not in MODES:
        raise ValueError(f"DEHLIZ_JIT is '{mode}'. It needs one of {', '.join(MODES)}. Correct or unset it.")
    return mode


MODE = _read_mode()


class Kernel(Generic[P, R]):
    """A plain function that can be had compiled.

    Calling it runs the plain function. ``compiled()`` gives the Numba dispatcher, ``pick(work_count)``
    whichever of the two suits the size of the work.
    """

    def __init__(self, function: Callable[P, R], *, is_lean: bool = False, is_inlined: bool = False) -> None:
        self.plain: Callable[P, R] = function
        self.is_lean = is_lean
        self.is_inlined = is_inlined
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__
        self.__wrapped__ = function
        self._dispatcher: Callable[P, R] | None = None
        self._inner: Callable[P, R] | None = None
        self._done_count = 0
        self._sample: Callable[[], tuple[Any, ...]] | None = None
        _HALL.kernels.append(cast("Kernel[..., Any]", self))

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the plain function."""
        return self.plain(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<kernel {self.name}>"

    def compiled(self) -> Callable[P, R]:
        """The Numba dispatcher, made on first request; the plain function when ``DEHLIZ_JIT`` is off."""
        if self._dispatcher is not None:
            return self._dispatcher
        if MODE == "off":
            return self.plain
        with _HALL.lock:
            if self._dispatcher is None:
                self._dispatcher = _compile(self.plain, self.is_lean)
        return self._dispatcher

    def as_callee(self) -> Callable[P, R]:
        """The compiled form for other kernels to call, without a door for Python where nobody uses one.

        Notes
        -----
        A kernel without a sample is called by kernels only. Its door unpacks every array of every named tuple, and
        took three tenths of all compiling: with it and with the door for C the bush kernels needed 19.4 CPU seconds,
        without 13.5, with NumPy's rules of division 11.9.
        """
        if self._sample is not None or MODE == "off":
            return self.compiled()
        with _HALL.lock:
            if self._inner is None:
                self._inner = _compile(self.plain, self.is_lean, is_callee=True, is_inlined=self.is_inlined)
        return self._inner

    def pick(self, work_count: int) -> Callable[P, R]:
        """The compiled form when it pays, else the plain function.

        Parameters
        ----------
        work_count : int
            How many arcs (or events) this call will touch, roughly.

        Returns
        -------
        callable
            Same parameters, same answer.

        Notes
        -----
        Compiled when it is at hand already, when the call is above the size gate, or when many small calls
        have together done enough plain work.
        """
        if MODE == "off":
            return self.plain
        if self._dispatcher is not None:
            return self._dispatcher
        if MODE in ("on", "bounds"):
            return self.compiled()
        self._done_count += work_count
        if work_count < SIZE_GATE_COUNT and self._done_count < PATIENCE_COUNT:
            return self.plain
        return self.compiled()

    def sample(self, make: Callable[[], tuple[Any, ...]]) -> Callable[[], tuple[Any, ...]]:
        """Register a maker of tiny arguments, typed as the wrappers pass them, for ``warm_up``."""
        self._sample = make
        return make

    def warm(self) -> bool:
        """Compile (or load from the cache) for the sample's types; False when there is no sample."""
        if self._sample is None:
            return False
        cast("Callable[..., Any]", self.compiled())(*self._sample())
        return True


def kernel(function: Callable[P, R]) -> Kernel[P, R]:
    """Mark a function as a kernel: NumPy arrays and scalars in, results in ``out_*`` arrays, no raising."""
    return Kernel(function)


def lean_kernel(function: Callable[P, R]) -> Kernel[P, R]:
    """Mark a kernel that makes no array of its own (views are fine): compiled without reference counting.

    Notes
    -----
    Numba counts references to each array of each named tuple at each call and attribute, atomically. Leaving
    that out made the three-criteria search 5 times faster and costs nothing, since callers hold the arrays.
    """
    return Kernel(function, is_lean=True)


def inlined_kernel(function: Callable[P, R]) -> Kernel[P, R]:
    """Mark a lean callee that is put whole into its callers.

    Notes
    -----
    A call hands over seven words for each array of each named tuple. Where a small step is called once an event, that
    was most of the time: with its hot steps put in whole, the event loop ran 3.5 times faster.
    """
    return Kernel(function, is_lean=True, is_inlined=True)


def warm_up(on_compile: Callable[[str, float], None]) -> None:
    """Compile and cache every kernel that is called from Python.

    Parameters
    ----------
    on_compile : callable
        Called after each kernel with its name and the seconds it took.
    """
    package = importlib.import_module("dehliz.kernels")
    for module in sorted(found.name for found in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"dehliz.kernels.{module}")
    for one in list(_HALL.kernels):
        start = time.perf_counter()
        if one.warm():
            on_compile(one.name, time.perf_counter() - start)


def set_compile_listener(listener: Callable[[str], None] | None) -> None:
    """Have a function called with a kernel's name just before it is compiled (not when it is cached)."""
    _HALL.listener = listener


def cache_folder() -> Path:
    """Where compiled kernels of exactly these sources, this Numba and this mode are kept."""
    return _cache_root() / "kernels" / _source_key()


class _Hall:
    """What the cellar knows about this process: its kernels, who listens, one lock."""

    def __init__(self) -> None:
        self.kernels: list[Kernel[..., Any]] = []
        self.listener: Callable[[str], None] | None = None
        self.is_listening = False
        self.lock = threading.RLock()


_HALL = _Hall()


def _cache_root() -> Path:
    given = os.environ.get("DEHLIZ_CACHE_DIR")
    if given:
        return Path(given).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "dehliz" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "dehliz"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dehliz"


def _source_key() -> str:
    """Hash of all kernel sources, Numba's version and the mode: an edit anywhere makes a new folder (K10)."""
    import numba

    digest = hashlib.sha256(f"{numba.__version__} {sys.version_info[:2]} {MODE == 'bounds'}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _compile(
    function: Callable[P, R], is_lean: bool, is_callee: bool = False, is_inlined: bool = False
) -> Callable[P, R]:
    import numba

    _listen()
    with _cache_in(numba, "callees" if is_callee else "") as is_cached:
        options: dict[str, Any] = {"no_cfunc_wrapper": True, "no_cpython_wrapper": is_callee}
        if is_lean:
            options["_nrt"] = False
        if is_inlined:
            options["forceinline"] = True
        decorate = numba.njit(
            cache=is_cached,
            nogil=True,
            fastmath=False,
            boundscheck=MODE == "bounds",
            error_model="numpy",
            **options,
        )
        dispatcher = decorate(_with_compiled_callees(function))
        if is_cached:
            _forgive(dispatcher._cache)
        return cast("Callable[P, R]", dispatcher)


_DAMAGE = (
    OSError,
    EOFError,
    pickle.PickleError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ImportError,
)
"""What reading a file that was cut short can raise."""


def _forgive(cache: Any) -> None:
    """Have a damaged cache read as empty and a full disk keep nothing: the answer comes first."""
    load, save = cache.load_overload, cache.save_overload

    def load_or_drop(signature: Any, context: Any) -> Any:
        try:
            return load(signature, context)
        except _DAMAGE:
            with suppress(OSError):
                cache.flush()
            return None

    def save_or_not(signature: Any, compiled: Any) -> None:
        with suppress(*_DAMAGE):
            save(signature, compiled)

    cache.load_overload, cache.save_overload = load_or_drop, save_or_not


@contextmanager
def _cache_in(numba: Any, part: str) -> Iterator[bool]:
    """Point Numba's cache at a part of our folder while decorating; yields whether that folder can be written."""
    before = numba.config.CACHE_DIR
    try:
        folder = cache_folder() / part
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, RuntimeError):  # read-only machine, or no home at all: compile anew each time
        yield False
        return
    numba.config.CACHE_DIR = str(folder)
    try:
        yield True
    finally:
        numba.config.CACHE_DIR = before


def _with_compiled_callees(function: Callable[..., Any]) -> FunctionType:
    """The same function, seeing dispatchers where its module has kernels."""
    plain = cast("FunctionType", function)
    names = _names(plain.__code__)
    scope = dict(plain.__globals__)
    for name in names:
        callee = scope.get(name)
        if isinstance(callee, Kernel):
            scope[name] = callee.as_callee()
    twin = FunctionType(plain.__code__, scope, plain.__name__, plain.__defaults__, plain.__closure__)
    twin.__qualname__ = plain.__qualname__
    twin.__module__ = plain.__module__
    twin.__doc__ = plain.__doc__
    twin.__kwdefaults__ = plain.__kwdefaults__
    return twin


def _names(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _names(constant)
    return names


def _listen() -> None:
    """Hear from Numba when a kernel of ours starts compiling."""
    if _HALL.is_listening:
        return
    from numba.core import event

    class Ear(event.Listener):
        def on_start(self, event: Any) -> None:
            function = event.data["dispatcher"].py_func
            if _HALL.listener is not None and function.__module__.startswith("dehliz."):
                _HALL.listener(f"{function.__module__}.{function.__qualname__}")

        def on_end(self, event: Any) -> None:
            del event

    event.register("numba:compile", Ear())  # type: ignore[no-untyped-call]
    _HALL.is_listening = True
