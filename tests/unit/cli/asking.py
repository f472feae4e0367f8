"""Runs a command in this process and returns its exit code, what it shows and what it says."""

import contextlib
import io
import json
from dataclasses import dataclass
from typing import Any

from dehliz.cli.main import _run


@dataclass(frozen=True)
class Asked:
    code: int
    shown: str
    said: str

    def document(self) -> Any:
        """The JSON document on standard output; NaN, infinity or anything beside it is an error."""

        def refuse(word: str) -> None:
            raise ValueError(f"{word} is no JSON")

        return json.loads(self.shown, parse_constant=refuse)


def ask(*words: str) -> Asked:
    shown, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(said):
        code = _run(list(words))
    return Asked(code, shown.getvalue(), said.getvalue())
