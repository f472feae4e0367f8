"""GeoPackage and GeoParquet to ``Network`` and back, with points for nodes and lines for links and services.

geopandas and pyogrio are an optional extra (``geo``); they are imported here alone, when such a file is asked for.
Only files that one trusts should be opened: the libraries below parse them in C.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pandas as pd
import pyarrow.parquet

from dehliz.base.errors import DataError, Issue, suggest
from dehliz.base.sheet import Rule, texts_of
from dehliz.network.csvtext import say_file_issue
from dehliz.network.network import NEEDED_TABLES, TABLES, Build, Network, RawTable, build_network
from dehliz.network.package import write_descriptor
from dehliz.network.wkt import from_pairs, to_pairs

LINES: Final = ("link", "service_leg")
_CRS: Final = "EPSG:4326"
LIBRARY_RULE: Final = Rule(
    "network.library.geo",
    "GeoPackage and GeoParquet need the optional extra 'geo'",
    "Install it with: pip install 'dehliz[geo]'; or use CSV, Parquet or GMNS",
)


def has_geometry(folder: Path) -> bool:
    """Whether the Parquet files of a folder carry geometry."""
    for table in ("node", "link"):
        file = folder / f"{table}.parquet"
        try:
            metadata = pyarrow.parquet.read_schema(file).metadata or {}
        except (OSError, pyarrow.ArrowInvalid):
            continue
        if b"geo" in metadata:
            return True
    return False


def _import_geo() -> tuple[ModuleType, ModuleType]:
    try:
        import geopandas
        import pyogrio
    except ImportError as error:
        found = f"the library {error.name} is not installed"
        rule = LIBRARY_RULE
        issue = Issue(rule.name, "network", (), found, rule.expected, rule.remedy)
        raise DataError("Geographic files cannot be used.", [issue]) from error
    return geopandas, pyogrio


def read_geopackage(path: Path, name: str, build: Build = build_network) -> Network:
    """The network of a GeoPackage whose layers have the names of tables.

    Parameters
    ----------
    path : Path
        ``.gpkg`` file; layers ``node`` (points), ``link`` and ``service_leg`` (lines), others without geometry.
    name : str
        What to call the network.
    build : callable
        Checks the tables and keeps them.

    Raises
    ------
    DataError
        With every fault of every layer.
    """
    _, pyogrio = _import_geo()
    try:
        layers = [str(layer[0]) for layer in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError as error:
        found = "it is not a GeoPackage"
        raise DataError(
            f"{path} cannot be read.", [say_file_issue("damaged", "network", path.name, found)]
        ) from error
    known = [table for table in TABLES if table in layers]
    issues: list[Issue] = []
    for table in NEEDED_TABLES:
        if table not in layers:
            hint = suggest(table, [layer for layer in layers if layer not in TABLES], most=1)
            issues.append(
                say_file_issue(
                    "exists", table, f"{path.name}, layer {table}", "there is no such layer", (), hint
                )
            )
    notes = [
        f"{path.name}: layer '{layer}' is not a table and was left out"
        for layer in layers
        if layer not in TABLES
    ]

    def read(table: str) -> Any:
        return pyogrio.read_dataframe(path, layer=table)

    return _read_tables(known, read, lambda table: f"{path.name}, layer {table}", name, issues, notes, build)


def read_geoparquet(folder: Path, name: str, build: Build = build_network) -> Network:
    """The network of a folder of GeoParquet and Parquet files; see ``read_geopackage``."""
    geopandas, _ = _import_geo()
    files = {table: folder / f"{table}.parquet" for table in TABLES}
    issues = [
        say_file_issue("exists", table, files[table].name, "there is no such file")
        for table in NEEDED_TABLES
        if not files[table].is_file()
    ]

    def read(table: str) -> Any:
        has_geo = b"geo" in (pyarrow.parquet.read_schema(files[table]).metadata or {})
        return geopandas.read_parquet(files[table]) if has_geo else pd.read_parquet(files[table])

    known = [table for table in TABLES if files[table].is_file()]
    return _read_tables(known, read, lambda table: files[table].name, name, issues, [], build)


def _read_tables(
    known: Sequence[str],
    read: Callable[[str], Any],
    say: Callable[[str], str],
    name: str,
    issues: list[Issue],
    notes: list[str],
    build: Build,
) -> Network:
    tables: dict[str, pd.DataFrame | RawTable] = {}
    shapes: list[tuple[str, str, str]] = []
    for table in known:
        try:
            frame = read(table)
        except (OSError, ValueError):
            issues.append(say_file_issue("damaged", table, say(table), "it cannot be read"))
            continue
        tables[table] = RawTable(_drop_geometry(frame, table, shapes), say(table))
    if shapes:
        tables["shape"] = pd.DataFrame(shapes, columns=["table_name", "row_id", "coordinates"], dtype="str")
    return build(tables, name=name, notes=notes, issues=issues)


def _drop_geometry(frame: Any, table: str, shapes: list[tuple[str, str, str]]) -> pd.DataFrame:
    """Columns without geometry; lines go to ``shapes``, points become coordinates when there are none."""
    if "geometry" not in frame.columns:
        return pd.DataFrame(frame)
    if not hasattr(frame, "crs"):
        return pd.DataFrame(frame).drop(columns="geometry")
    lines = frame.geometry if frame.crs is None else frame.geometry.to_crs(_CRS)
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    if table == "node" and "lon_deg" not in plain.columns:
        plain["lon_deg"], plain["lat_deg"] = lines.x, lines.y
    if table in LINES and f"{table}_id" in plain.columns:
        for row_id, line in zip(plain[f"{table}_id"], lines, strict=True):
            if line is not None and line.geom_type == "LineString" and not line.is_empty:
                points = [(float(point[0]), float(point[1])) for point in line.coords]
                shapes.append((table, str(row_id), to_pairs(points)))
    return plain


def write_geopackage(network: Network, path: Path) -> Path:
    """Write a network as one GeoPackage.

    Parameters
    ----------
    network : Network
        What to write.
    path : Path
        File ending in ``.gpkg`` that does not exist, in a folder that does.
    """
    geopandas, pyogrio = _import_geo()
    for table in TABLES:
        frame = network.table(table)
        if frame.empty and table not in NEEDED_TABLES:
            continue
        made = _with_geometry(network, table, geopandas)
        kind = {} if made is None else {"geometry_type": "Point" if table == "node" else "LineString"}
        try:
            pyogrio.write_dataframe(frame if made is None else made, path, layer=table, driver="GPKG", **kind)
        except RuntimeError as error:  # what the library raises when the disk is full
            raise OSError(str(error).rpartition("failed: ")[2][:200]) from error
    return path


def write_geoparquet(network: Network, folder: Path) -> Path:
    """Write a network as a folder of GeoParquet (node, link, service_leg) and Parquet files."""
    geopandas, _ = _import_geo()
    for table in TABLES:
        made = _with_geometry(network, table, geopandas)
        (network.table(table) if made is None else made).to_parquet(folder / f"{table}.parquet", index=False)
    write_descriptor(folder, network.name, network.tables(), "parquet")
    return folder


def _with_geometry(network: Network, table: str, geopandas: ModuleType) -> Any:
    """The table with its points or lines, or None when it has none."""
    frame = network.table(table)
    if table == "node":
        points = geopandas.points_from_xy(frame["lon_deg"], frame["lat_deg"])
        return geopandas.GeoDataFrame(frame, geometry=points, crs=_CRS)
    if table not in LINES:
        return None
    import shapely

    shape = network.shape[network.shape["table_name"] == table]
    lines = dict(zip(texts_of(shape["row_id"]), texts_of(shape["coordinates"]), strict=True))
    geometry = [
        shapely.LineString(from_pairs(lines[row_id])) if row_id in lines else None
        for row_id in texts_of(frame[f"{table}_id"])
    ]
    return geopandas.GeoDataFrame(frame, geometry=geopandas.GeoSeries(geometry, crs=_CRS), crs=_CRS)
