"""A TNTP file to its tags and its body, and issues that name file and lines. ``network/tntp.py`` goes on from here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dehliz.base.errors import Issue, quote
from dehliz.base.sheet import Rule, join_found
from dehliz.network.csvtext import say_file_issue
from dehliz.network.tntp_words import END_TAG, TNTP_RULES

_TAG: Final = re.compile(r"^[ \t]*<([^<>\n]+)>([^\n]*)$", re.MULTILINE)
_WHOLE: Final = re.compile(r"\d{1,9}")


@dataclass(slots=True)
class TntpText:
    """A file on its way through the checks.

    Attributes
    ----------
    file : str
        Its name.
    table : str
        ``tntp_net`` or ``tntp_trips``, for the names of rules.
    text : str
        Everything in it.
    tags : dict of str to str
        Tag in capitals -> what follows it.
    lines : dict of str to int
        Tag -> its line.
    body : int
        Where the body starts in the text.
    issues : list of Issue
        What is wrong with it so far.
    """

    file: str
    table: str
    text: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body: int = 0
    issues: list[Issue] = field(default_factory=list)

    def line_of(self, place: int) -> int:
        """Line of a place in the text, from 1."""
        return self.text.count("\n", 0, place) + 1

    def say(self, rule: Rule, place: str, lines: Sequence[int], found: Sequence[str] | str) -> None:
        """Note one fault of some lines; a ``*`` in the rule's name stands for the table, two for table and column."""
        column = place.removeprefix("column ")
        self.issues.append(
            Issue(
                rule=rule.name.replace("*.*", f"{self.table}.{column}").replace("*", self.table),
                place=f"{self.file}, {place}",
                ids=tuple(f"row {line}" for line in lines),
                found=found if isinstance(found, str) else join_found(found),
                expected=rule.expected,
                remedy=rule.remedy,
            )
        )

    def read_whole(self, tag: str, *, is_needed: bool = True) -> int | None:
        """The whole number of a tag, or None with an issue."""
        if tag not in self.tags:
            if is_needed:
                self.say(TNTP_RULES["*.metadata.present"], f"tag <{tag}>", (), "it is missing")
            return None
        words = self.tags[tag].split()
        if len(words) == 1 and _WHOLE.fullmatch(words[0]):
            return int(words[0])
        found = quote(self.tags[tag]) if words else "nothing"
        limit = ", which is above 999,999,999" if re.fullmatch(r"\d{10,}", self.tags[tag]) else ""
        self.say(
            TNTP_RULES["*.metadata.type"], f"tag <{tag}>", (self.lines[tag],), f"{found} follows it{limit}"
        )
        return None


def read_text(path: Path, table: str) -> TntpText:
    """The tags of a file and where its body starts; never raises for what the file holds.

    Parameters
    ----------
    path : Path
        File to read.
    table : str
        ``tntp_net`` or ``tntp_trips``.
    """
    read = TntpText(path.name, table)
    try:
        data = path.read_bytes()
    except OSError as error:
        read.issues.append(
            say_file_issue("damaged", table, path.name, f"it cannot be read ({error.strerror})")
        )
        return read
    if b"\x00" in data[:4096]:
        read.issues.append(say_file_issue("encoding", table, path.name, "zero bytes, as in UTF-16"))
        return read
    # Only comments hold letters beyond ASCII, in whatever encoding: they are not read.
    read.text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    if not read.text.strip():
        read.issues.append(say_file_issue("empty", table, path.name, "the file is empty"))
        return read
    for found in _TAG.finditer(read.text):
        tag = " ".join(found[1].upper().split())
        if tag == END_TAG:
            read.body = found.end()
            return read
        read.tags[tag] = found[2].split("~")[0].strip(" \t;")
        read.lines[tag] = read.line_of(found.start())
    read.say(TNTP_RULES["*.metadata.end"], "metadata", (), f"no line <{END_TAG}>")
    return read
