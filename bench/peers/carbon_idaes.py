"""Times IDAES's 0-D temperature-swing model on the cases of the file named first, for the carbon bench. By case: processor seconds of build,
initialisation and solution, and whether it solved; imports are not counted, nor is the steam that heats the bed, which is not compared.

Grids, time guesses and tolerances are those of IDAES's own test. It needs ipopt on PATH. The step-shaped isotherm defeats ipopt with MUMPS; with
SPRAL (or HSL's solvers, where they are licensed) it solves, so each case is tried with the linear solvers in turn and the first that solves counts.
"""
import json
import logging
import resource
import sys

import idaes
import idaes.core.util.scaling as scaling
from idaes.core import FlowsheetBlock
from idaes.core.initialization import InitializationStatus
from idaes.core.solvers import get_solver
from idaes.models_extra.temperature_swing_adsorption import (
    Adsorbent,
    FixedBedTSA0D,
    FixedBedTSA0DInitializer,
    SteamCalculationType,
    TransformationScheme,
)
from pyomo.environ import ConcreteModel, check_optimal_termination

# From IDAES's test: feed temperature, K; heating and cooling time guessed, s; its initialiser's tolerance where it is not the default.
TEST = {
    "zeolite_13x": (303.15, 70000, 110000, {}),
    "mmen_mg_mof_74": (300, 2000, 900, {"constraint_tolerance": 1e-4}),
    "polystyrene_amine": (300, 700, 700, {}),
}
# Where the number of beds is not given, it follows from this pressure drop, Pa.
PRESSURE_DROP = -4000


def processor_seconds():
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def build(case, feed_k):
    beds = case["number_of_beds"]
    model = ConcreteModel()
    model.fs = FlowsheetBlock(dynamic=False)
    model.fs.unit = unit = FixedBedTSA0D(
        adsorbent=Adsorbent[case["adsorbent"]],
        number_of_beds=beds if isinstance(beds, int) else None,
        transformation_method="dae.collocation",
        transformation_scheme=TransformationScheme.lagrangeRadau,
        finite_elements=20,
        collocation_points=6,
        compressor=False,
        steam_calculation=SteamCalculationType.none,
    )
    for gas, flow in (("H2O", 0), ("CO2", case["flow_CO2_mol_s"]), ("N2", case["flow_N2_mol_s"]), ("O2", 0)):
        unit.inlet.flow_mol_comp[0, gas].fix(flow)
    unit.inlet.temperature.fix(feed_k)
    unit.inlet.pressure.fix(case["pressure_Pa"])
    for step in ("desorption", "adsorption", "heating", "cooling"):
        getattr(unit, f"temperature_{step}").fix(case[f"T_{step}_K"])
    unit.bed_diameter.fix(case["bed_diameter_m"])
    unit.bed_height.fix(case["bed_height_m"])
    if not isinstance(beds, int):
        unit.pressure_drop.fix(PRESSURE_DROP)
        scaling.calculate_scaling_factors(model)
    return model


def solve(case, linear_solver):
    options = {"linear_solver": linear_solver}
    feed_k, heating, cooling, more = TEST[case["adsorbent"]]
    start = processor_seconds()
    model = build(case, feed_k)
    initializer = FixedBedTSA0DInitializer(solver_options=options, **more)
    try:
        initializer.initialize(model.fs.unit, heating_time_guess=heating, cooling_time_guess=cooling)
        ok = initializer.summary[model.fs.unit]["status"] == InitializationStatus.Ok
        ok = ok and check_optimal_termination(get_solver(solver_options=options).solve(model))
    except Exception:  # IDAES raises its own kinds when a step does not solve
        ok = False
    return {"seconds": processor_seconds() - start, "ok": ok, "linearSolver": linear_solver}


logging.disable(logging.CRITICAL)
with open(sys.argv[1]) as file:
    reference = json.load(file)
cases = {}
for case in reference["cases"]:
    for linear_solver in ("mumps", "spral"):
        cases[case["name"]] = solve(case, linear_solver)
        if cases[case["name"]]["ok"]:
            break
print(json.dumps({"version": idaes.__version__, "cases": cases}))
