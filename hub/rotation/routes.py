"""The round of a day: in which order a vehicle calls at libraries, so that each box is fetched before it is delivered.

OR-Tools' routing with pickups and deliveries; a local optimum, the same for the same boxes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from hub.rotation.planning import Point

METERS = 1000
UNKNOWN = 30  # km to a library of which nobody has said where it lies


@dataclass(frozen=True, slots=True)
class Move:
    """A box goes from a library to another."""

    box: str
    before: str
    after: str


@dataclass(slots=True)
class Halt:
    """A call at a library: boxes to leave there and boxes to take along."""

    place: str
    leaves: list[str] = field(default_factory=list)
    takes: list[str] = field(default_factory=list)


def route(moves: Sequence[Move], points: Mapping[str, Point], depot: str) -> tuple[list[Halt], int]:
    """The halts in their order from the depot and back, and the kilometers."""
    moves = sorted((one for one in moves if one.before != one.after), key=lambda one: one.box)
    if not moves:
        return [], 0
    nodes = [depot, *(place for one in moves for place in (one.before, one.after))]
    manager = pywrapcp.RoutingIndexManager(len(nodes), 1, 0)
    routing = pywrapcp.RoutingModel(manager)
    far = [[_meters(points, a, b) for b in nodes] for a in nodes]

    def distance(a: int, b: int) -> int:
        meters: int = far[manager.IndexToNode(a)][manager.IndexToNode(b)]
        return meters

    transit = routing.RegisterTransitCallback(distance)
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    routing.AddDimension(transit, 0, 10**9, True, "way")
    way = routing.GetDimensionOrDie("way")
    for number in range(len(moves)):
        fetched, brought = manager.NodeToIndex(1 + 2 * number), manager.NodeToIndex(2 + 2 * number)
        routing.AddPickupAndDelivery(fetched, brought)
        routing.solver().Add(routing.VehicleVar(fetched) == routing.VehicleVar(brought))
        routing.solver().Add(way.CumulVar(fetched) <= way.CumulVar(brought))
    search: Any = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GREEDY_DESCENT
    solution = routing.SolveWithParameters(search)
    if solution is None:  # there is always an order: one box after the other
        raise AssertionError("a round has a solution")
    return _halts(routing, manager, solution, moves, nodes), round(solution.ObjectiveValue() / METERS)


def _meters(points: Mapping[str, Point], a: str, b: str) -> int:
    if a == b:
        return 0
    here, there = points.get(a), points.get(b)
    return round((here.to(there) if here and there else UNKNOWN) * METERS)


def _halts(routing: Any, manager: Any, solution: Any, moves: Sequence[Move], nodes: Sequence[str]) -> list[Halt]:
    halts: list[Halt] = []
    index = solution.Value(routing.NextVar(routing.Start(0)))
    while not routing.IsEnd(index):
        node = manager.IndexToNode(index)
        if not halts or halts[-1].place != nodes[node]:
            halts.append(Halt(nodes[node]))
        (halts[-1].takes if node % 2 else halts[-1].leaves).append(moves[(node - 1) // 2].box)
        index = solution.Value(routing.NextVar(index))
    return halts
