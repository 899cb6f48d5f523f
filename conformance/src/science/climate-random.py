"""Holds `madang climate fair` against Python's FaIR on random inputs that no file holds: every column, every species.

usage: PYTHON climate-random.py FOLDER FIRST LAST   (FOLDER as climate/fair in the reference data; PYTHON of an environment with fair 2.2.5)

Each case draws a world of its own (climate-random-case.py) from the calibrated set. FaIR takes 1 - exp(-x) in double precision, which two
machines round differently (docs/decisions/0040): here exp is made to round as in the published reference, so that what is left is the
difference of the programs. Exit 1 if a case differs by more than 1e-6 K, 1e-5 ppm of CO2 or, of any other column, 1e-6 of its size.
"""
import importlib
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
HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
draw = importlib.import_module("climate-random-case").draw
MADANG = pathlib.Path(sys.argv[4] if len(sys.argv) > 4 else HERE.parents[2] / "apps/cli/bin/madang.js")
GROUPS = {
    "erf_CO2": ["co2"], "erf_CH4": ["ch4"], "erf_N2O": ["n2o"], "erf_halogenated": ["cfc-11", "other halogen", "f-gas"],
    "erf_aerosol_radiation": ["ari"], "erf_aerosol_cloud": ["aci"], "erf_ozone": ["ozone"], "erf_black_carbon_on_snow": ["lapsi"],
    "erf_stratospheric_water_vapour": ["h2o stratospheric"], "erf_land_use": ["land use"], "erf_solar": ["solar"],
    "erf_volcanic": ["volcanic"], "erf_contrails": ["contrails"], "erf_other": ["unspecified"],
}


class PublishedRounding:
    """numpy, with exp of a tiny negative number the next double at or above the true value."""

    def __getattr__(self, name):
        return getattr(np, name)

    @staticmethod
    def exp(x):
        t = -np.asarray(x, dtype=float)
        return np.where((t > 0) & (t < 2**-20), 1 - np.floor((t - t * t / 2) * 2.0**53) / 2.0**53, np.exp(x))


fair.gas_cycle.forward.np = fair.gas_cycle.inverse.np = PublishedRounding()


def run_fair(c, file):
    """FaIR on the files of a case, as its own documentation runs such files."""
    f = FAIR(ghg_method=c.ghg, ch4_method=c.ch4, n_layers=c.layers, n_gasboxes=c.boxes, temperature_prescribed=c.warming is not None)
    f.define_time(c.start, c.end, c.step)
    f.define_scenarios([c.scenario])
    f.define_configs(list(c.members.config))
    listed, properties = read_properties(file["species"])
    f.define_species(listed, properties)
    f.allocate()
    f.fill_species_configs(file["species"])
    inside = lambda k: "[" not in k or k.split("[")[1][:-1].isdigit() or k.split("[")[1][:-1] in listed
    c.members.set_index("config")[[k for k in c.members.columns[1:] if inside(k)]].to_csv(file["known"])
    f.override_defaults(file["known"])
    own = c.emissions[(c.emissions.scenario == c.scenario) & c.emissions.variable.isin(listed)]
    own.to_csv(file["one"], index=False)
    f.fill_from_csv(emissions_file=file["one"] if len(own) else None, concentration_file=file["concentrations"] if len(c.concentrations) else None)
    for _, row in c.forcing[c.forcing.Variable.isin(listed)].iterrows():
        years = [k for k in c.forcing.columns[3:]]
        values = np.interp(f.timebounds, np.array(years, dtype=float), row[years].values.astype(float))
        kind = properties[row.Variable]["type"]
        scale = f.species_configs["forcing_scale"].sel(specie=row.Variable).values if kind in ("solar", "volcanic") else np.ones(len(c.members))
        fill(f.forcing, values[:, None, None] * scale[None, None, :], specie=row.Variable)
    for name in listed:
        if properties[name]["input_mode"] not in ("concentration", "forcing"):
            base = f.species_configs["baseline_concentration"].sel(specie=name).values
            f.concentration.loc[{"specie": name, "timebounds": c.start}] = base[None, :]
    for state in (f.forcing, f.cumulative_emissions, f.airborne_emissions, f.ocean_heat_content_change):
        initialise(state, 0)
    if c.warming is None:
        initialise(f.temperature, 0)
    else:
        fill(f.temperature, np.interp(f.timebounds, *c.warming)[:, None, None] * np.ones((1, 1, len(c.members))), layer=0)
    f.run(progress=False)
    return f, listed, properties


def compare(c, file, f, listed, properties):
    """Largest differences by column; of the parts of a run that has none, an empty cell is none."""
    ours, each = pd.read_csv(file["out"]), pd.read_csv(file["species-out"])
    shape = (len(c.members), len(f.timebounds))
    worst = {}

    def note(name, got, want, relative=True):
        got, want = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
        want = np.where((np.isnan(want) & (np.nan_to_num(got) == 0)) | (np.isnan(got) & (want == 0)), got, want)
        size = np.maximum(1, np.nanmax(np.abs(want)) if np.isfinite(want).any() else 1) if relative else 1
        d = np.abs(got - want) / size
        d = np.where(np.isnan(got) & np.isnan(want), 0, d)
        worst[name] = max(worst.get(name, 0), float("inf") if np.isnan(d).any() else d.max())

    column = lambda name: ours[name].values.reshape(shape).T
    for layer in range(c.layers):
        note("K", column(f"temperature_layer{layer}_K"), f.temperature.values[:, 0, :, layer], False)
    types = [properties[s]["type"] for s in listed]
    by_type = lambda kinds: [i for i, t in enumerate(types) if t in kinds]
    for name, kinds in GROUPS.items():
        if name in ours:
            note("W/m2", column(name), np.nansum(f.forcing.values[:, 0][..., by_type(kinds)], axis=-1))
    note("W/m2", column("erf_total"), f.forcing_sum.values[:, 0])
    for name, kind in (("conc_CO2_ppm", "co2"), ("conc_CH4_ppb", "ch4"), ("conc_N2O_ppb", "n2o")):
        for i in by_type([kind]):
            note("ppm CO2" if kind == "co2" else "ppb", column(name), f.concentration.values[:, 0, :, i], kind != "co2")
    for i in by_type(["co2"]):
        if properties[listed[i]]["input_mode"] != "forcing":
            note("Gt", column("airborne_CO2_emissions_GtCO2"), f.airborne_emissions.values[:, 0, :, i])
            note("Gt", column("cumulative_CO2_emissions_GtCO2"), f.cumulative_emissions.values[:, 0, :, i])
    for i in by_type(["ch4"]):
        if properties[listed[i]]["input_mode"] != "forcing":
            tau = f.species_configs["unperturbed_lifetime"].values[:, i, 0]
            note("lifetime", column("ch4_lifetime_yr"), f.alpha_lifetime.values[:, 0, :, i] * tau)
    note("imbalance", column("toa_imbalance_W_m2"), f.toa_imbalance.values[:, 0])
    note("heat", column("ocean_heat_content_change_J"), f.ocean_heat_content_change.values[:, 0])
    parts = {"concentration": f.concentration, "erf_W_m2": f.forcing, "emissions": f.emissions, "airborne": f.airborne_emissions,
             "cumulative": f.cumulative_emissions, "lifetime_scale": f.alpha_lifetime}
    for name, theirs in parts.items():
        got = each[name].values.reshape(*shape, len(listed)).transpose(1, 0, 2)
        for i, s in enumerate(listed):
            gas = properties[s]["greenhouse_gas"] and properties[s]["input_mode"] != "forcing"
            if name in ("concentration", "erf_W_m2") or gas or (name == "emissions" and properties[s]["input_mode"] == "emissions"):
                note(name, got[: len(theirs), :, i], theirs.values[:, 0, :, i])
    return worst


def case(seed, folder):
    c = draw(np.random.default_rng(seed), pathlib.Path(sys.argv[1]))
    file = {k: f"{folder}/{k}.csv" for k in ("emissions", "one", "species", "configs", "known", "forcing", "concentrations", "warming", "out", "species-out")}
    c.members.to_csv(file["configs"], index=False)
    c.species.to_csv(file["species"], index=False, na_rep="nan")
    for name in ("emissions", "forcing", "concentrations"):
        getattr(c, name).to_csv(file[name], index=False)
    options = ["configs", "species", "out", "species-out"] + [k for k in ("emissions", "forcing", "concentrations") if len(getattr(c, k))]
    words = [w for o in options for w in (f"--{o}", file[o])]
    words += ["--scenario", c.scenario, "--ghg-method", c.ghg, "--ch4-method", c.ch4]
    if c.step != 1:
        words += ["--step", str(c.step), "--interpolate", "--start", str(c.start), "--end", str(c.end)]
    if c.warming is not None:
        pd.DataFrame({"year": c.warming[0], "temperature_K": c.warming[1]}).to_csv(file["warming"], index=False)
        words += ["--prescribe", file["warming"], "--interpolate"]
    f, listed, properties = run_fair(c, file)
    done = subprocess.run(["node", MADANG, "climate", "fair", *words, "--json"], capture_output=True, text=True)
    if done.returncode:
        # A run that FaIR ends without numbers may be refused; nothing else.
        worst = 0.0 if not np.isfinite(f.temperature.values[..., 0]).all() else float("inf")
        why = json.loads(done.stdout)["error"] if done.stdout.startswith("{") else done.stderr[-300:]
        return c.about, {"K": worst, "refused": why}
    return c.about, compare(c, file, f, listed, properties)


if __name__ == "__main__":
    bad = 0
    for seed in range(int(sys.argv[2]), int(sys.argv[3])):
        with tempfile.TemporaryDirectory() as folder:
            about, found = case(seed, folder)
        ok = all(v <= (1e-5 if k == "ppm CO2" else 1e-6) for k, v in found.items() if not isinstance(v, str))
        bad += not ok
        print("ok  " if ok else "FAIL", seed, " ".join(f"{k}: {v if isinstance(v, str) else format(v, '.1e')}" for k, v in found.items()), "|", about, flush=True)
    sys.exit(1 if bad else 0)
