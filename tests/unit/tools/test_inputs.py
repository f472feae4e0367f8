"""Input packages are checked before they are read."""

import hashlib
from pathlib import Path

import pytest
from tools.build_eurasia import inputs
from tools.build_eurasia.inputs import PACKAGES, Package, fetch_inputs, hash_file


def test_a_file_is_hashed_as_the_library_does(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"dehliz")
    assert hash_file(path) == hashlib.sha256(b"dehliz").hexdigest()


def test_every_package_is_pinned_to_a_version_and_a_hash() -> None:
    assert all("==" in package.requirement and len(package.sha256) == 64 for package in PACKAGES)


def test_a_changed_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = hashlib.sha256(b"good").hexdigest()
    monkeypatch.setattr(inputs, "PACKAGES", (Package("p==1", "p.whl", good),))
    (tmp_path / "p.whl").write_bytes(b"good")
    assert fetch_inputs(tmp_path) == tmp_path
    (tmp_path / "p.whl").write_bytes(b"bad")
    with pytest.raises(ValueError, match=r"p\.whl: SHA-256 is"):
        fetch_inputs(tmp_path)
