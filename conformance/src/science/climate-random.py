"""Holds `madang climate fair` against Python's FaIR on random variations of the calibrated set, file by file.

usage: PYTHON climate-random.py FOLDER FIRST LAST   (FOLDER as climate/fair in the reference data; PYTHON of an environment with fair 2.2.5)

Each case: other emissions (a factor and a slow wave a species), other parameters of members, other start and end; from a quarter of the cases on also
species left out, species driven by concentration or forcing, and other numbers in the species table; orders of rows and columns and names are shuffled.
FaIR takes 1 - exp(-x) in double precision, which two machines round differently (docs/decisions/0040): here exp is made to round as in the
published reference, so that what is left is the difference of the programs. Exit 1 if a case differs by more than 1e-6 K, 1e-6 ppm or 1e-6 of any species.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import fair.gas_cycle.forward
import fair.gas_cycle.inverse
import numpy as np
import pandas as pd
from fair import FAIR
from fair.interface import fill, initialise
from fair.io import read_properties

warnings.filterwarnings("ignore")
MADANG = pathlib.Path(__file__).parents[3] / "apps/cli/bin/madang.js"
FOLDER = pathlib.Path(sys.argv[1])
EMISSIONS = pd.read_csv(FOLDER / "cal141_emissions.csv")
MEMBERS = pd.read_csv(FOLDER / "cal141_parameters.csv").drop(columns="role")
SPECIES = pd.read_csv(FOLDER / "cal141_species_configs_properties.csv")
FORCING = pd.read_csv(FOLDER / "cal141_volcanic_solar.csv")
HEAD = ["scenario", "region", "variable", "unit"]
BY_CONCENTRATION = ("co2", "ch4", "n2o", "cfc-11", "other halogen", "f-gas")
BY_FORCING = ("ari", "aci", "ozone", "lapsi", "h2o stratospheric", "land use")
OPTIONAL = ("other halogen", "f-gas", "lapsi", "land use", "h2o stratospheric", "contrails", "solar")


class PublishedRounding:
    """numpy, with exp of a tiny negative number the next double at or above the true value."""

    def __getattr__(self, name):
        return getattr(np, name)

    @staticmethod
    def exp(x):
        t = -np.asarray(x, dtype=float)
        return np.where((t > 0) & (t < 2**-20), 1 - np.floor((t - t * t / 2) * 2.0**53) / 2.0**53, np.exp(x))


fair.gas_cycle.forward.np = fair.gas_cycle.inverse.np = PublishedRounding()


def vary_species(r, level):
    """The species table of a case, and how species are driven that are not driven as usual."""
    table = SPECIES.copy()
    modes = {}
    if level >= 1:
        table = table[~(table.type.isin(OPTIONAL) & (r.random(len(table)) < 0.2))]
    if level >= 2:
        for name, kind in zip(table.name, table.type):
            if kind in BY_CONCENTRATION and r.random() < 0.3:
                modes[name] = "concentration"
            elif kind in BY_FORCING and r.random() < 0.15:
                modes[name] = "forcing"
    if level >= 3:
        lifetime = r.uniform(0.8, 1.25, len(table))
        for column in table.columns[6:]:
            if column.startswith("partition") or column in ("cl_atoms", "br_atoms", "tropospheric_adjustment"):
                continue
            factor = lifetime if column.startswith("unperturbed") else r.uniform(0.8, 1.25, len(table))
            table[column] = pd.to_numeric(table[column], errors="coerce") * factor
        table["forcing_temperature_feedback"] = np.where(r.random(len(table)) < 0.2, r.uniform(-0.05, 0.05, len(table)), 0)
    for name, mode in modes.items():
        table.loc[table.name == name, "input_mode"] = mode
    return table.iloc[r.permutation(len(table))].reset_index(drop=True), modes


def vary_emissions(r, species, modes, start, end, names):
    """One scenario for FaIR, and a table of two in any order for the command."""
    base = EMISSIONS[EMISSIONS.scenario == r.choice(["low", "medium-extension", "high-extension"])]
    base = base[base.variable.isin(set(species.name) - set(modes))].copy()
    years = [c for c in base.columns if c not in HEAD and start < float(c) < end]
    n = len(base)
    phase = r.uniform(1, 6, (n, 1)) * (np.array(years, dtype=float) - 1750) / 350 + r.random((n, 1))
    base[years] *= np.exp(r.normal(0, 0.2, (n, 1)) + r.normal(0, 0.3, (n, 1)) * np.sin(2 * np.pi * phase))
    base["scenario"] = names[0]
    one = base[HEAD + years]
    other = one.assign(scenario=names[1])
    return one, pd.concat([one, other]).sample(frac=1, random_state=int(r.integers(1e9)))[list(r.permutation(HEAD)) + years]


def case(seed, folder):
    r = np.random.default_rng(seed)
    start, end = int(r.choice([1750, 1750, 1751, 1800, 1850, 1900])), int(r.choice([2100, 2100, 2099, 2050, 1999]))
    bounds = np.arange(start, end + 1)
    texts = [str(b) for b in bounds]
    level = int(r.integers(0, 4))
    species, modes = vary_species(r, level)
    names = [f"plan {seed}", "another, with a comma"]
    one, both = vary_emissions(r, species, modes, start, end, names)
    members = MEMBERS.iloc[r.choice(len(MEMBERS), int(r.integers(1, 4)), replace=False)].copy()
    members[members.columns[1:]] *= r.uniform(0.9, 1.1, (len(members), len(members.columns) - 1))
    members["config"] = [f"c{k}" for k in range(len(members))]
    forcing = FORCING[FORCING.Variable.isin(species.name)][["Variable", "Region", "Unit", *texts]]
    waves = [[k, "World", "W/m2", *(r.normal(0, 0.3) * np.sin((bounds - start) / r.uniform(10, 80)))] for k, m in modes.items() if m == "forcing"]
    forcing = pd.concat([forcing, pd.DataFrame(waves, columns=forcing.columns)])
    rise = ((bounds - start) / (end - start)) ** 2
    tops = {"co2": (350, 900, "ppm"), "ch4": (900, 3000, "ppb"), "n2o": (280, 500, "ppb")}
    rows = []
    for name in (k for k, m in modes.items() if m == "concentration"):
        row = species[species.name == name].iloc[0]
        low, high, unit = tops.get(row.type, (5, 500, "ppt"))
        first = float(row.baseline_concentration)
        rows.append([names[0], "World", name, unit, *(first + (r.uniform(low, high) - first) * rise)])
    concentrations = pd.DataFrame(rows, columns=HEAD + texts)
    file = {k: f"{folder}/{k}.csv" for k in ("emissions", "one", "species", "configs", "known", "forcing", "concentrations", "out", "species-out")}
    for name, table in (("emissions", both), ("one", one), ("configs", members), ("forcing", forcing), ("concentrations", concentrations)):
        table.to_csv(file[name], index=False)
    species.to_csv(file["species"], index=False, na_rep="nan")

    f = FAIR(ch4_method="Thornhill2021")
    f.define_time(start, end, 1)
    f.define_scenarios(names[:1])
    f.define_configs(list(members.config))
    listed, properties = read_properties(file["species"])
    f.define_species(listed, properties)
    f.allocate()
    f.fill_species_configs(file["species"])
    inside = lambda c: "[" not in c or c.split("[")[1][:-1].isdigit() or c.split("[")[1][:-1] in listed
    members.set_index("config")[[c for c in members.columns[1:] if inside(c)]].to_csv(file["known"])
    f.override_defaults(file["known"])
    f.fill_from_csv(emissions_file=file["one"], **({"concentration_file": file["concentrations"]} if rows else {}))
    for _, row in forcing.iterrows():
        scale = f.species_configs["forcing_scale"].sel(specie=row.Variable).values
        fill(f.forcing, row[texts].values.astype(float)[:, None, None] * scale[None, None, :], specie=row.Variable)
    for name in listed:
        if name not in modes and properties[name]["input_mode"] != "forcing":
            base = f.species_configs["baseline_concentration"].sel(specie=name).values
            f.concentration.loc[{"specie": name, "timebounds": start}] = base[None, :]
    for state in (f.forcing, f.temperature, f.cumulative_emissions, f.airborne_emissions, f.ocean_heat_content_change):
        initialise(state, 0)
    f.run(progress=False)

    options = ["emissions", "configs", "species", "forcing", "out", "species-out"] + (["concentrations"] if rows else [])
    words = [w for o in options for w in (f"--{o}", file[o])]
    done = subprocess.run(["node", MADANG, "climate", "fair", *words, "--scenario", names[0], "--json"], capture_output=True, text=True)
    if done.returncode:
        # A run that FaIR ends without numbers may be refused; nothing else.
        worst = float("inf") if np.isfinite(f.temperature.values).all() else 0.0
        return {"K": worst, "refused": json.loads(done.stdout)["error"]}
    ours = pd.read_csv(file["out"])
    each = pd.read_csv(file["species-out"])
    shape = (len(members), len(bounds))
    worst = {}
    for layer in range(3):
        d = np.abs(ours[f"temperature_layer{layer}_K"].values.reshape(shape).T - f.temperature.values[:, 0, :, layer])
        worst["K"] = max(worst.get("K", 0), d.max())
    worst["total W/m2"] = np.abs(ours["erf_total"].values.reshape(shape).T - f.forcing_sum.values[:, 0, :]).max()
    for column, theirs in (("concentration", f.concentration), ("erf_W_m2", f.forcing)):
        got = each[column].values.reshape(*shape, len(listed)).transpose(1, 0, 2)
        ref = theirs.values[:, 0]
        with np.errstate(invalid="ignore"):
            worst[column] = np.nanmax(np.abs(got - ref) / np.maximum(1, np.abs(ref)))
    return worst


bad = 0
for seed in range(int(sys.argv[2]), int(sys.argv[3])):
    with tempfile.TemporaryDirectory() as folder:
        found = case(seed, folder)
    numbers = [v for v in found.values() if not isinstance(v, str)]
    ok = all(v <= 1e-6 for v in numbers)
    bad += not ok
    print("ok  " if ok else "FAIL", seed, " ".join(f"{k}: {v if isinstance(v, str) else format(v, '.1e')}" for k, v in found.items()), flush=True)
sys.exit(1 if bad else 0)
