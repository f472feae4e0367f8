"""Messages: where, what was found, what is needed, what to do."""

from dehliz.base.errors import DataError, Issue, list_ids, say_count, suggest

ISSUE = Issue(
    "link.length_km.bounds",
    "link.csv, column length_km",
    ("a", "b"),
    "-1",
    "A length is needed",
    "Correct it",
)


def test_issue_is_one_sentence_each() -> None:
    assert str(ISSUE) == (
        "link.csv, column length_km (a, b): -1. A length is needed. Correct it. (rule link.length_km.bounds)"
    )


def test_question_keeps_its_mark() -> None:
    issue = Issue("r", "node.csv", (), "no such file", "It is needed", "Did you mean 'nodes.csv'?")
    assert str(issue) == "node.csv: no such file. It is needed. Did you mean 'nodes.csv'? (rule r)"


def test_error_numbers_its_issues() -> None:
    lines = str(DataError("Wrong.", [ISSUE, ISSUE])).splitlines()
    assert lines[0] == "Wrong."
    assert lines[2].startswith("  2. link.csv")


def test_ids_are_capped() -> None:
    assert list_ids([str(n) for n in range(219)]) == "0, 1, 2, 3, 4 and 214 more"
    assert list_ids(["a"]) == "a"


def test_suggestions_ignore_case() -> None:
    assert suggest("AKTAO", ["aktau", "baku"]) == "Did you mean 'aktau'?"
    assert suggest("zzz", ["aktau"]) == ""


def test_counts_in_words() -> None:
    assert (say_count(1, "link"), say_count(0, "link"), say_count(2, "link")) == (
        "1 link",
        "0 links",
        "2 links",
    )
