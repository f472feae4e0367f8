"""The data-package descriptor of a folder of tables: which file holds which table, and what its columns mean."""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pandas as pd

from dehliz.base.errors import Issue, suggest
from dehliz.base.schema import ColumnSpec, read_spec
from dehliz.base.sheet import Rule
from dehliz.version import __version__

DESCRIPTOR: Final = "datapackage.json"
_JSON_TYPES: Final = {"bool": "boolean", "int": "integer", "float": "number"}

PACKAGE_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "package.file.json",
            "A JSON object with a list 'resources' is needed",
            "Correct or remove the file",
        ),
        Rule("package.resources.name", "A resource has the name of a table", "Rename the resource"),
        Rule(
            "package.resources.path",
            "A resource has the path of a file inside the folder",
            "Correct the path",
        ),
    )
}


def read_descriptor(folder: Path, tables: tuple[str, ...]) -> tuple[dict[str, Path], list[Issue], list[str]]:
    """Files of a folder by table, as its descriptor says.

    Parameters
    ----------
    folder : Path
        Folder with a ``datapackage.json``.
    tables : tuple of str
        Tables that may occur.

    Returns
    -------
    files : dict of str to Path
        Table -> file, whether it exists or not.
    issues : list of Issue
        What is wrong with the descriptor.
    notes : list of str
        Resources that were passed over.
    """
    try:
        content = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        return {}, [_say("package.file.json", "it is not UTF-8")], []
    except json.JSONDecodeError as error:
        return {}, [_say("package.file.json", f"{error.msg} in row {error.lineno}")], []
    resources = content.get("resources") if isinstance(content, dict) else None
    if not isinstance(resources, list):
        return {}, [_say("package.file.json", "there is no list 'resources'")], []
    files: dict[str, Path] = {}
    issues: list[Issue] = []
    notes: list[str] = []
    for number, resource in enumerate(resources, 1):
        name = resource.get("name") if isinstance(resource, dict) else None
        path = resource.get("path") if isinstance(resource, dict) else None
        if not isinstance(name, str):
            issues.append(_say("package.resources.name", f"resource {number} has no name"))
        elif name not in tables:
            hint = suggest(name, [table for table in tables if table not in files])
            if hint:
                issues.append(_say("package.resources.name", f"'{name}' is not a table", f"{hint}"))
            else:
                notes.append(f"{DESCRIPTOR}: resource '{name}' is not a table of a network and was left out")
        elif not isinstance(path, str) or not _is_inside(path):
            issues.append(_say("package.resources.path", f"resource '{name}' has path {path!r}"))
        else:
            files[name] = folder / path
    return files, issues, notes


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return (
        bool(path)
        and "\\" not in path
        and ":" not in path
        and not parts.is_absolute()
        and ".." not in parts.parts
    )


def _say(name: str, found: str, remedy: str = "") -> Issue:
    rule = PACKAGE_RULES[name]
    return Issue(name, DESCRIPTOR, (), found, rule.expected, remedy or rule.remedy)


def write_descriptor(folder: Path, name: str, frames: Mapping[str, pd.DataFrame], ending: str) -> None:
    """Write the descriptor of a folder of tables.

    Parameters
    ----------
    folder : Path
        Where to.
    name : str
        Name of the network.
    frames : mapping of str to DataFrame
        Tables that the folder holds.
    ending : str
        ``csv`` or ``parquet``.
    """
    content = {
        "profile": "tabular-data-package" if ending == "csv" else "data-package",
        "name": name,
        "created_with": f"dehliz {__version__}",
        "resources": [_describe(table, ending) for table in frames],
    }
    text = json.dumps(content, indent=2, ensure_ascii=False)
    (folder / DESCRIPTOR).write_text(text + "\n", encoding="utf-8", newline="\n")


def _describe(table: str, ending: str) -> dict[str, Any]:
    spec = read_spec(table)
    return {
        "name": table,
        "path": f"{table}.{ending}",
        "format": ending,
        "encoding": "utf-8",
        "schema": {
            "fields": [_describe_column(column) for column in spec.columns],
            "primaryKey": list(spec.key),
            "foreignKeys": [
                {
                    "fields": column.name,
                    "reference": dict(zip(("resource", "fields"), column.refers_to.split("."), strict=True)),
                }
                for column in spec.columns
                if column.refers_to and column.type == "id"
            ],
            "missingValues": [""],
        },
    }


def _describe_column(column: ColumnSpec) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.is_required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.low is not None:
        constraints["minimum"] = column.low
    if column.high is not None:
        constraints["maximum"] = column.high
    field = {
        "name": column.name,
        "type": _JSON_TYPES.get(column.type, "string"),
        "description": column.description,
        "unit": column.unit,
        "constraints": constraints,
    }
    return {key: value for key, value in field.items() if value}
