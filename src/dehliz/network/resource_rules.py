"""Rules for what serves and how long it takes: servers, pools of wagons, durations, loading by sea level."""

from collections.abc import Iterable
from functools import partial
from itertools import pairwise, product
from typing import Final

from dehliz.base.schema import read_spec
from dehliz.base.sheet import Faults, Rule, rows_where, texts_of
from dehliz.network.rule import Check, Tables, map_column

BERTH_CELLS: Final = ("node_id", "mode_id")
KIND_TABLES: Final = ("holiday", "duration")


def _list_enum(table: str, column: str) -> tuple[str, ...]:
    return tuple(read_spec(table).column(column).choices)


def _find_unplaced_servers(tables: Tables) -> Faults:
    server = tables["server"]
    names = ("kind", *BERTH_CELLS, "terminal_id")
    faults: dict[int, str] = {}
    for row, (kind, node, mode, terminal) in enumerate(
        zip(*(texts_of(server[name]) for name in names), strict=True)
    ):
        if kind == "berth" and (not node or not mode or terminal):
            faults[row] = "a berth without node_id or mode_id, or with a terminal_id"
        elif kind == "work" and (node or mode or not terminal):
            faults[row] = "servers of work without terminal_id, or with node_id or mode_id"
    return faults


def _find_lonely_berths(tables: Tables) -> Faults:
    server, leg = tables["server"], tables["service_leg"]
    calls = {
        (node, mode)
        for end in ("from_node_id", "to_node_id")
        for node, mode in zip(texts_of(leg[end]), texts_of(leg["mode_id"]), strict=True)
    }
    names = ("kind", *BERTH_CELLS)
    rows = zip(*(texts_of(server[name]) for name in names), strict=True)
    return {
        row: f"no service of {mode} calls at '{node}'"
        for row, (kind, node, mode) in enumerate(rows)
        if kind == "berth" and node and mode and (node, mode) not in calls
    }


def _find_idle_work(tables: Tables) -> Faults:
    terminal = tables["terminal"]
    lasting = dict(zip(texts_of(terminal["terminal_id"]), terminal["handling_time_h"].tolist(), strict=True))
    has_capacity = (terminal["capacity_teu_a"].fillna(0) > 0) | (terminal["capacity_t_a"].fillna(0) > 0)
    capable = set(terminal["terminal_id"][has_capacity])
    server = tables["server"]
    is_bare = server["work_h_t"].isna().tolist()
    rows = zip(texts_of(server["kind"]), texts_of(server["terminal_id"]), is_bare, strict=True)
    return {
        row: f"no work_h_t, and no capacity at '{terminal_id}'"
        for row, (kind, terminal_id, bare) in enumerate(rows)
        if kind == "work" and bare and terminal_id in lasting and terminal_id not in capable
    }


def _find_instant_work(tables: Tables) -> Faults:
    is_instant = (tables["server"]["work_h_t"] <= 0.0).fillna(False)
    return dict.fromkeys(rows_where(is_instant), "0 h/t, so that a server does any amount at once")


def _find_double_servers(tables: Tables) -> Faults:
    server = tables["server"]
    first: dict[tuple[str, ...], str] = {}
    faults: dict[int, str] = {}
    names = ("server_id", "kind", *BERTH_CELLS, "terminal_id")
    for row, (server_id, *place) in enumerate(zip(*(texts_of(server[name]) for name in names), strict=True)):
        other = first.setdefault(tuple(place), server_id)
        if other != server_id:
            faults[row] = f"the same place as '{other}'"
    return faults


def _find_pool_modes(tables: Tables) -> Faults:
    medium = map_column(tables["mode"], "mode_id", "medium")
    return {
        row: f"'{mode}' is of {medium[mode]}"
        for row, mode in enumerate(texts_of(tables["wagon_pool"]["mode_id"]))
        if medium.get(mode, "rail") != "rail"
    }


def _find_closed_pools(tables: Tables) -> Faults:
    """Pools without a terminal at which cargo changes from another mode onto their wagons."""
    terminal, pool = tables["terminal"], tables["wagon_pool"]
    names = ("terminal_id", "from_mode_id", "to_mode_id")
    one_way = terminal["directed"].fillna(False).astype(bool).tolist()
    entries = {
        (terminal_id, mode)
        for terminal_id, start, end, is_one in zip(
            *(texts_of(terminal[name]) for name in names), one_way, strict=True
        )
        for mode in ({end} if is_one else {start, end})
        if start != end
    }
    faults: dict[int, str] = {}
    for row, (mode, cell) in enumerate(
        zip(texts_of(pool["mode_id"]), texts_of(pool["terminal_ids"]), strict=True)
    ):
        wrong = [name for name in cell.split(";") if name and (name, mode) not in entries]
        if wrong:
            faults[row] = f"no cargo comes onto {mode} at {', '.join(wrong)}"
    return faults


def _find_double_pools(tables: Tables) -> Faults:
    """Pools of which a consignment would take a wagon each."""
    pool = tables["wagon_pool"]
    first: dict[tuple[str, str, str], str] = {}
    faults: dict[int, str] = {}
    names = ("wagon_pool_id", "mode_id", "terminal_ids", "segment_ids")
    rows = zip(*(texts_of(pool[name]) for name in names), strict=True)
    for row, (pool_id, mode, terminals, segments) in enumerate(rows):
        for terminal_id, segment_id in product(_split(terminals), _split(segments)):
            other = first.setdefault((mode, terminal_id, segment_id), pool_id)
            if other != pool_id and terminal_id and segment_id:
                faults.setdefault(row, f"'{other}' gives wagons for {segment_id} at {terminal_id} too")
    return faults


def _find_unknown_words(tables: Tables, table: str, column: str, known: tuple[str, ...]) -> Faults:
    faults: dict[int, str] = {}
    for row, cell in enumerate(texts_of(tables[table][column])):
        unknown = [word for word in cell.split(";") if word and word not in known]
        if unknown:
            faults[row] = ", ".join(f"'{word}'" for word in unknown)
    return faults


def _find_spread_of_nothing(tables: Tables) -> Faults:
    duration = tables["duration"]
    spread, least = duration["spread_factor"].fillna(0), duration["least_factor"].fillna(0)
    wrong = (spread > 0) & ((least >= 1) | (duration["family"] == "fixed"))
    return {
        row: f"family {duration['family'].iat[row]}, least_factor {least.iat[row]:g}, spread_factor {spread.iat[row]:g}"
        for row in rows_where(wrong)
    }


def _find_wrong_exponentials(tables: Tables) -> Faults:
    duration = tables["duration"]
    least = duration["least_factor"].fillna(0)
    wrong = (duration["family"] == "exponential") & ((duration["spread_factor"] - (1 - least)).abs() > 1e-6)
    return {
        row: f"spread_factor {duration['spread_factor'].iat[row]:g}, least_factor {least.iat[row]:g}"
        for row in rows_where(wrong)
    }


def _find_double_durations(tables: Tables) -> Faults:
    duration = tables["duration"]
    first: dict[tuple[str, ...], str] = {}
    faults: dict[int, str] = {}
    names = ("duration_id", "activity", "media", "terminal_kinds")
    for row, (row_id, activity, media, kinds) in enumerate(
        zip(*(texts_of(duration[name]) for name in names), strict=True)
    ):
        for medium, kind in product(_split(media), _split(kinds)):
            other = first.setdefault((activity, medium, kind), row_id)
            if other != row_id:
                faults.setdefault(row, f"'{other}' is for {say_activity(activity, medium, kind)} too")
    return faults


def say_activity(activity: str, medium: str, kind: str) -> str:
    """An activity of the table ``duration`` in words; medium and kind of terminal may be empty.

    Examples
    --------
    >>> say_activity("handle", "rail", "rail_terminal")
    'handle by rail at rail terminal'
    """
    by, at = f" by {medium}" if medium else "", f" at {kind.replace('_', ' ')}" if kind else ""
    return f"{activity}{by}{at}"


def _split(cell: str) -> Iterable[str]:
    return cell.split(";") if cell else [""]


def _find_rising_loads(tables: Tables) -> Faults:
    limit = tables["draught_limit"]
    points: dict[str, list[tuple[float, float, int]]] = {}
    rows = zip(
        texts_of(limit["service_leg_id"]),
        limit["level_m"].tolist(),
        limit["load_share"].tolist(),
        strict=True,
    )
    for row, (leg_id, level_m, share) in enumerate(rows):
        points.setdefault(leg_id, []).append((level_m, share, row))
    faults: dict[int, str] = {}
    for found in points.values():
        for (low_m, low_share, _), (high_m, high_share, row) in pairwise(sorted(found)):
            if high_share < low_share or high_m == low_m:
                faults[row] = f"{high_share:g} at {high_m:g} m, {low_share:g} at {low_m:g} m"
    return faults


CHECKS: Final = (
    Check(
        Rule(
            "server.kind.place",
            "A berth has a node and a mode, servers of work have a terminal",
            "Fill these cells and leave the others empty",
        ),
        _find_unplaced_servers,
    ),
    Check(
        Rule(
            "server.server_id.reached",
            "A berth is where services of its mode call",
            "Correct node or mode, or remove the row",
        ),
        _find_lonely_berths,
        ("service_leg",),
    ),
    Check(
        Rule(
            "server.server_id.double",
            "There is one set of servers for a node and mode, or for a terminal",
            "Put the servers into one row",
        ),
        _find_double_servers,
    ),
    Check(
        Rule(
            "server.work_h_t.known",
            "Servers of work have hours per tonne, or a terminal with a capacity from which they follow",
            "Write work_h_t, or a capacity of the terminal",
        ),
        _find_idle_work,
        ("terminal",),
    ),
    Check(
        Rule(
            "server.work_h_t.lasting",
            "Servers are busy with what they handle: above 0 hours per tonne",
            "Correct the hours, leave the cell empty to take them from the capacity, or remove the row",
        ),
        _find_instant_work,
    ),
    Check(
        Rule("wagon_pool.mode_id.rail", "Wagons are of a rail mode", "Correct the mode"),
        _find_pool_modes,
        ("mode",),
    ),
    Check(
        Rule(
            "wagon_pool.terminal_ids.entry",
            "Cargo takes a wagon at terminals that lead from another mode to that of the wagons",
            "Correct the terminals",
        ),
        _find_closed_pools,
        ("terminal",),
    ),
    Check(
        Rule(
            "wagon_pool.terminal_ids.double",
            "Cargo of a segment takes one wagon at a terminal: there is one pool for both",
            "Put the wagons into one row, or correct terminals or segments",
        ),
        _find_double_pools,
    ),
    *(
        Check(
            Rule(
                f"{table}.terminal_kinds.known",
                f"Kinds of terminals are {', '.join(_list_enum('terminal', 'kind'))}",
                "Correct the kinds, separated by semicolons",
            ),
            partial(
                _find_unknown_words,
                table=table,
                column="terminal_kinds",
                known=_list_enum("terminal", "kind"),
            ),
        )
        for table in KIND_TABLES
    ),
    Check(
        Rule(
            "duration.media.known",
            f"Media are {', '.join(_list_enum('mode', 'medium'))}",
            "Correct the media, separated by semicolons",
        ),
        partial(_find_unknown_words, table="duration", column="media", known=_list_enum("mode", "medium")),
    ),
    Check(
        Rule(
            "duration.spread_factor.fixed",
            "What is fixed, or passes with its whole mean, has no spread",
            "Leave spread_factor empty, or choose another family or a least_factor below 1",
        ),
        _find_spread_of_nothing,
    ),
    Check(
        Rule(
            "duration.spread_factor.exponential",
            "The spread of an exponential time is its mean: spread_factor and least_factor add up to 1",
            "Leave spread_factor empty, or choose family gamma",
        ),
        _find_wrong_exponentials,
    ),
    Check(
        Rule(
            "duration.activity.double",
            "One row says how an activity varies for a medium and a kind of terminal",
            "Correct media or terminal_kinds, or remove one of the rows",
        ),
        _find_double_durations,
    ),
    Check(
        Rule(
            "draught_limit.load_share.order",
            "Ships load no less when the sea is higher, and one share at a level",
            "Correct the levels or the shares",
        ),
        _find_rising_loads,
    ),
)
