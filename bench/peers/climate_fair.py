"""Runs the published FaIR on the reference data, for the climate bench: prints seconds of import, set-up and run, and peak memory.

usage: climate_fair.py FOLDER CONFIGS.csv SCENARIO   (FOLDER as climate/fair in the reference data)
"""
import json
import resource
import sys
import tempfile
import time

start = time.perf_counter()
import numpy as np
import pandas as pd
from fair import FAIR, __version__
from fair.interface import fill, initialise
from fair.io import read_properties

imported = time.perf_counter()
folder, configs, scenario = sys.argv[1:4]
members = pd.read_csv(configs, index_col=0)
members = members.drop(columns=[c for c in ("role",) if c in members])
species_file = f"{folder}/cal141_species_configs_properties.csv"
f = FAIR(ch4_method="Thornhill2021")
f.define_time(1750, 2100, 1)
f.define_scenarios([scenario])
f.define_configs(list(members.index))
species, properties = read_properties(species_file)
f.define_species(species, properties)
f.allocate()
f.fill_species_configs(species_file)
with tempfile.NamedTemporaryFile("w", suffix=".csv") as t:
    members.to_csv(t.name)
    f.override_defaults(t.name)
f.fill_from_csv(emissions_file=f"{folder}/cal141_emissions.csv")
forcing = pd.read_csv(f"{folder}/cal141_volcanic_solar.csv").set_index("Variable")
for name in ("Volcanic", "Solar"):
    row = forcing.loc[name, [str(y) for y in range(1750, 2101)]].values.astype(float)
    fill(f.forcing, row[:, None, None] * members[f"forcing_scale[{name}]"].values[None, None, :], specie=name)
initialise(f.concentration, f.species_configs["baseline_concentration"])
for state in (f.forcing, f.temperature, f.cumulative_emissions, f.airborne_emissions, f.ocean_heat_content_change):
    initialise(state, 0)
ready = time.perf_counter()
f.run(progress=False)
ran = time.perf_counter()
surface = f.temperature.data[:, 0, :, 0]
bands = np.percentile(0.5 * (surface[1:] + surface[:-1]), [5, 17, 50, 83, 95], axis=1)
print(json.dumps({
    "version": __version__, "import": imported - start, "setup": ready - imported, "run": ran - ready,
    "rssMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "last": float(bands[2, -1]),
}))
