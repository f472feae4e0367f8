"""The decorator: plain until compiled, nested kernels, cache by source hash, size gate, listener, modes."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import dehliz.kernels
from dehliz.kernels import jit
from dehliz.kernels.jit import Kernel, Status, kernel


@kernel
def _double(x: float) -> float:
    return 2.0 * x


@kernel
def _sum_doubled(values: np.ndarray) -> float:
    total = 0.0
    for value in values:
        total += _double(value)
    return total


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEHLIZ_CACHE_DIR", str(tmp_path))
    return tmp_path


def run_python(code: str, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_plain_and_compiled_agree_and_nested_kernels_are_swapped(own_cache: Path) -> None:
    values = np.arange(10.0)
    assert _sum_doubled(values) == 90.0
    compiled = _sum_doubled.compiled()
    assert compiled(values) == 90.0
    if jit.MODE != "off":
        assert compiled is not _sum_doubled.plain
        assert compiled.signatures, "the dispatcher must really have been compiled"  # type: ignore[attr-defined]


def test_status_codes_are_stable_numbers() -> None:
    assert [int(code) for code in Status] == [0, 1, 2, 3, 4]


def test_size_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "MODE", "auto")
    asked: list[str] = []

    def compiling(function: object, is_lean: bool) -> object:
        asked.append("compile")
        return lambda x: ("compiled", x)

    monkeypatch.setattr(jit, "_compile", compiling)
    small = Kernel(lambda x: ("plain", x))
    assert small.pick(10)(1)[0] == "plain"
    assert small.pick(jit.SIZE_GATE_COUNT - 1)(1)[0] == "plain"
    assert small.pick(jit.SIZE_GATE_COUNT)(1)[0] == "compiled"
    assert small.pick(1)(1)[0] == "compiled", "once compiled, it is used for small work too"
    assert asked == ["compile"]
    patient = Kernel(lambda x: ("plain", x))
    call_count = 0
    while patient.pick(1_000)(0)[0] == "plain":
        call_count += 1
    assert call_count == jit.PATIENCE_COUNT // 1_000 - 1


def test_mode_on_compiles_tiny_work_and_mode_off_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "_compile", lambda function, is_lean: "compiled")
    monkeypatch.setattr(jit, "MODE", "off")
    one = Kernel(lambda: "plain")
    assert one.pick(10**9)() == "plain"
    monkeypatch.setattr(jit, "MODE", "on")
    form: object = one.pick(1)
    assert form == "compiled"


def test_unknown_mode_is_refused() -> None:
    out = run_python(
        """
        try:
            import dehliz.kernels.jit
        except ValueError as error:
            print(error)
        """,
        DEHLIZ_JIT="fast",
    )
    assert out == "DEHLIZ_JIT is 'fast'. It needs one of auto, on, off, bounds. Correct or unset it."


def test_importing_every_kernel_module_loads_no_numba() -> None:
    names = sorted(path.stem for path in Path(dehliz.kernels.__path__[0]).glob("[a-z]*.py"))
    code = "import sys\n" + "".join(f"import dehliz.kernels.{name}\n" for name in names)
    assert run_python(code + "print('numba' in sys.modules)") == "False"


def test_cache_root_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DEHLIZ_CACHE_DIR", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert jit._cache_root() == tmp_path / "xdg" / "dehliz"
    monkeypatch.setenv("DEHLIZ_CACHE_DIR", str(tmp_path / "own"))
    assert jit._cache_root() == tmp_path / "own"
    assert jit.cache_folder().parent == tmp_path / "own" / "kernels"


TOY = """
from dehliz.kernels.jit import kernel

@kernel
def inner(x: float) -> float:
    return x + {step}
"""
TOY_OUTER = """
from dehliz.kernels.jit import kernel
from dehliz.kernels.toy_inner import inner

@kernel
def outer(x: float) -> float:
    return inner(x)

@outer.sample
def _sample():
    return (1.0,)
"""
TOY_RUN = """
import sys
sys.path.insert(0, {root!r})
import dehliz.kernels
from dehliz.kernels import jit
heard = []
jit.set_compile_listener(heard.append)
from dehliz.kernels.toy_outer import outer
print(outer.compiled()(1.0), len(heard))
"""


@pytest.mark.skipif(jit.MODE == "off", reason="nothing is compiled")
def test_cache_is_used_again_and_forgets_when_any_kernel_file_changes(tmp_path: Path) -> None:
    """An edit in the inner file must reach the outer one, whose own file did not change (K10)."""
    package = tmp_path / "root" / "dehliz"
    (package / "kernels").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "kernels" / "__init__.py").write_text("")
    shutil.copy(jit.__file__, package / "kernels" / "jit.py")
    (package / "kernels" / "toy_outer.py").write_text(TOY_OUTER)
    (package / "kernels" / "toy_inner.py").write_text(TOY.format(step=1))
    code = TOY_RUN.format(root=str(package.parent))
    env = {"DEHLIZ_CACHE_DIR": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    assert run_python(code, **env) == "2.0 2", "first run compiles both"
    assert run_python(code, **env) == "2.0 0", "second run compiles nothing"
    (package / "kernels" / "toy_inner.py").write_text(TOY.format(step=2))
    assert run_python(code, **env) == "3.0 2", "an edit elsewhere must not leave a stale answer"


@pytest.mark.skipif(jit.MODE == "off", reason="nothing is compiled")
def test_unwritable_cache_still_compiles(tmp_path: Path) -> None:
    blocked = tmp_path / "a_file"
    blocked.write_text("not a folder")
    out = run_python(
        "from tests.unit.kernels.test_jit import _double\nprint(_double.compiled()(4.0))",
        DEHLIZ_CACHE_DIR=str(blocked),
        PYTHONPATH=str(Path(__file__).parents[3]),
    )
    assert out == "8.0"


def test_warm_up_runs_every_sample_and_tells_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain here: the samples must be valid arguments; that they compile is tested kernel by kernel."""
    monkeypatch.setattr(jit, "MODE", "off")
    told: list[str] = []
    jit.warm_up(lambda name, seconds: told.append(name) if seconds >= 0 else None)
    assert len(told) == len(set(told))
    called_from_python = {
        "search.grow_tree",
        "search.all_pairs",
        "search.pair_paths",
        "bounds.pareto_bounds",
        "pareto.pareto_search",
        "labels.trace_labels",
    }
    assert called_from_python <= {name.removeprefix("dehliz.kernels.") for name in told}


def test_numba_cache_setting_is_left_as_it_was(own_cache: Path) -> None:
    numba = pytest.importorskip("numba")
    before = numba.config.CACHE_DIR
    Kernel(_double.plain).compiled()
    assert before == numba.config.CACHE_DIR


@pytest.mark.skipif(jit.MODE == "off", reason="nothing is compiled")
def test_bounds_mode_catches_a_read_outside(tmp_path: Path) -> None:
    code = """
    import numpy as np
    from dehliz.kernels.jit import kernel
    @kernel
    def peek(values, place):
        return values[place]
    try:
        peek.compiled()(np.zeros(3), 7)
        print("silent")
    except IndexError:
        print("caught")
    """
    script = tmp_path / "peek.py"
    script.write_text(textwrap.dedent(code))
    run = f"import runpy; runpy.run_path({str(script)!r}, run_name='peek')"
    assert run_python(run, DEHLIZ_JIT="bounds", DEHLIZ_CACHE_DIR=str(tmp_path)).endswith("caught")


ASK = """
    import numpy as np
    from dehliz.kernels import jit
    from tests.unit.kernels.test_jit import _sum_doubled
    jit.set_compile_listener(print)
    print(_sum_doubled.compiled()(np.arange(10.0)))
"""


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("kept_count", [0, 40])
def test_damaged_cache_is_made_anew(tmp_path: Path, ending: str, kept_count: int) -> None:
    """A full disk or a power cut leaves files that are cut short: they must not stop every later question."""
    here = {"DEHLIZ_CACHE_DIR": str(tmp_path), "DEHLIZ_JIT": "auto"}
    first = run_python(ASK, **here)
    assert first.splitlines()[-1] == "90.0"
    files = list(tmp_path.rglob(f"*.{ending}"))
    assert files
    for file in files:
        file.write_bytes(file.read_bytes()[:kept_count])
    assert run_python(ASK, **here) == first
    assert run_python(ASK, **here) == "90.0"


def test_cache_that_cannot_be_kept_is_no_error(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if jit.MODE == "off":
        pytest.skip("nothing is compiled")
    from numba.core.caching import IndexDataCacheFile

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(IndexDataCacheFile, "save", refuse)
    fresh = Kernel(_double.plain)
    jit._HALL.kernels.remove(fresh)
    assert fresh.compiled()(21.0) == 42.0
