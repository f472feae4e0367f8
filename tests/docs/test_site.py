"""The site builds without a warning and asks nothing of the internet."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

pytest.importorskip("mkdocs")
pytest.importorskip("material")

TAG = re.compile(r"<(?:script|link|img|iframe|source|video|audio|object|embed)\b[^>]*>", re.S)
OUTSIDE = re.compile(r"(?:src|href|srcset|data)=[\"']?(?:https?:)?//", re.I)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return target


@pytest.mark.slow
def test_no_page_loads_anything_from_outside(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        for tag in TAG.findall(page.read_text(encoding="utf-8")):
            is_canonical = 'rel="canonical"' in tag
            assert is_canonical or not OUTSIDE.search(tag), f"{page.name}: {tag}"


@pytest.mark.slow
def test_no_style_loads_anything_from_outside(site: Path) -> None:
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", text), style.name


@pytest.mark.slow
def test_search_needs_no_server(site: Path) -> None:
    assert (site / "search" / "search_index.js").is_file()
    assert "assets/iframe-worker.js" in (site / "index.html").read_text(encoding="utf-8")
