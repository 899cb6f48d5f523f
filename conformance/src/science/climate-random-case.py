"""Random worlds for climate-random.py: members, species, drivers, times, methods, drawn from the calibrated set and far from it."""
import types
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
HEAD = ["scenario", "region", "variable", "unit"]
BY_CONCENTRATION = ("co2", "ch4", "n2o", "cfc-11", "other halogen", "f-gas")
BY_FORCING = ("ari", "aci", "ozone", "lapsi", "h2o stratospheric", "land use", "contrails")
OPTIONAL = ("other halogen", "f-gas", "lapsi", "land use", "h2o stratospheric", "contrails", "solar", "volcanic", "unspecified")
# What a member may have of its own in FaIR, beside what the calibrated set varies.
OWN = ("forcing_efficacy", "forcing_temperature_feedback", "forcing_scale", "tropospheric_adjustment", "baseline_emissions", "baseline_concentration",
       "iirf_0", "iirf_airborne", "iirf_uptake", "iirf_temperature", "g0", "g1", "greenhouse_gas_radiative_efficiency", "h2o_stratospheric_factor",
       "lapsi_radiative_efficiency", "land_use_cumulative_emissions_to_forcing", "fractional_release", "ch4_lifetime_chemical_sensitivity",
       "contrails_radiative_efficiency", "aci_shape", "ozone_radiative_efficiency", "erfari_radiative_efficiency")
UNITS = {"CO2 FFI": ["Gt CO2/yr", "Gt C/yr", "Mt CO2/yr", "Tg C/yr"], "CO2 AFOLU": ["Gt CO2/yr", "Gt C/yr", "kt CO2/yr"], "CO2": ["Gt CO2/yr", "Gt C/yr"],
         "CH4": ["Mt CH4/yr", "Tg CH4/yr", "kg CH4/s"], "N2O": ["Mt N2O/yr", "kt N2O/day"], "Sulfur": ["Mt SO2/yr", "Mt S/yr"], "NOx": ["Mt NO2/yr", "Mt NO/yr", "Tg N/yr"]}
AMOUNT = {"Gt C/yr": 12.011 / 44.009, "Mt CO2/yr": 1e3, "Tg C/yr": 1e3 * 12.011 / 44.009, "kt CO2/yr": 1e6, "kg CH4/s": 1e9 / 31556925.2, "kt N2O/day": 1e3 / 365.24219,
          "Mt S/yr": 32.07 / 64.069, "Mt NO/yr": 30.006 / 46.006, "Tg N/yr": 14.007 / 46.006}


def draw(r, folder):
    read = lambda name: pd.read_csv(folder / name)
    c = types.SimpleNamespace()
    chance = lambda p: r.random() < p
    c.start, c.end = int(r.choice([1750, 1750, 1750, 1751, 1800, 1850, 1900, 1970])), int(r.choice([2100, 2100, 2100, 2099, 2050, 2025, 1999]))
    c.step = float(r.choice([0.5, 0.25, 2, 5])) if chance(0.15) else 1
    c.first, c.last = c.start, c.end
    if c.step < 1:
        c.start, c.end = c.start + 1, c.end - 1
    c.end -= int((c.end - c.start) % max(c.step, 1))
    c.ghg = str(r.choice(["meinshausen2020", "etminan2016", "myhre1998", "leach2021"])) if chance(0.5) else "meinshausen2020"
    c.ch4 = "leach2021" if chance(0.25) else "thornhill2021"
    c.layers = int(r.choice([2, 4])) if chance(0.25) else 3
    c.boxes = 4
    table = read("cal141_species_configs_properties.csv")
    if chance(0.3):
        table = add_species(table)
    if chance(0.4):
        table = table[~(table.type.isin(OPTIONAL) & (r.random(len(table)) < 0.3))]
    if chance(0.1):
        table = table[table.type.isin(("co2 ffi", "co2 afolu", "co2", "ch4", "n2o", "solar"))].assign(ch4_lifetime_chemical_sensitivity=0.0)
    modes = draw_modes(r, table, c, chance)
    if chance(0.5):
        table = vary_table(r, table)
    if chance(0.15):
        # Which species take part in the chemistry of aerosols, ozone and methane.
        k = table.type.isin(("other slcf", "black carbon"))
        table.loc[k, "aerosol_chemistry_from_emissions"] = (r.random(int(k.sum())) < 0.7).astype(int)
        k = table.type.isin(("f-gas", "cfc-11"))
        table.loc[k, "aerosol_chemistry_from_concentration"] = (r.random(int(k.sum())) < 0.2).astype(int)
        table.loc[k, "ch4_lifetime_chemical_sensitivity"] = r.normal(0, 1e-5, int(k.sum()))
        table.loc[k, "aci_shape"] = r.uniform(0, 1e-4, int(k.sum()))
        table.loc[k, "erfari_radiative_efficiency"] = r.normal(0, 1e-5, int(k.sum()))
    for name, mode in modes.items():
        if mode == "left out":
            table = table[table.name != name]
        else:
            table.loc[table.name == name, "input_mode"] = mode
    modes = {k: v for k, v in modes.items() if v in ("concentration", "forcing")}
    if c.ch4 == "leach2021":
        methane(r, table)
    if not table.type.isin(["cfc-11"]).any():
        table = table[table.type != "eesc"]
    c.species = table.iloc[r.permutation(len(table))].reset_index(drop=True)
    c.members = draw_members(r, read("cal141_parameters.csv").drop(columns="role"), c, chance)
    c.scenario = str(r.choice(["plan", "another, with a comma", "ssp2-4.5 \"b\""]))
    c.emissions, kind = draw_emissions(r, read("cal141_emissions.csv"), c, chance)
    c.forcing, c.concentrations = draw_others(r, read("cal141_volcanic_solar.csv"), c, modes)
    c.warming = None
    if chance(0.08):
        years = np.array([c.start, (c.start + c.end) // 2, c.end])
        c.warming = (years, np.array([0.0, r.uniform(0, 2), r.uniform(-1, 6)]))
    c.about = f"{c.start}-{c.end}/{c.step:g} {c.ghg} {c.ch4} {c.layers} layers {len(c.species)} species {kind} {modes}{' T given' if c.warming else ''}"
    return c


def add_species(table):
    """Aviation and contrails, two forcings without a kind, a gas and a short-lived forcer that no table names."""
    like = lambda name, new, **more: {**table[table.name == name].iloc[0].to_dict(), "name": new, **more}
    return pd.concat([table, pd.DataFrame([
        like("NOx", "NOx aviation", type="nox aviation", aerosol_chemistry_from_emissions=0, contrails_radiative_efficiency=0.0147, baseline_emissions=0, ch4_lifetime_chemical_sensitivity=0),
        like("Ozone", "Contrails", type="contrails"),
        like("Solar", "Geothermal", type="unspecified"), like("Solar", "Sunshade", type="unspecified", forcing_efficacy=0.8),
        like("HFC-32", "HFO-1234yf", molecular_weight=114.04, greenhouse_gas_radiative_efficiency=0.03, unperturbed_lifetime0=0.9),
        like("CFC-12", "Halon-1202", molecular_weight=209.82, br_atoms=2, cl_atoms=0, fractional_release=0.62),
        like("VOC", "Dust", erfari_radiative_efficiency=-1e-4, baseline_emissions=3.0),
    ])], ignore_index=True)


def draw_modes(r, table, c, chance):
    modes = {}
    if chance(0.4):
        for name, kind in zip(table.name, table.type):
            if kind in BY_CONCENTRATION and chance(0.3):
                modes[name] = "concentration"
            elif kind in BY_FORCING and chance(0.2):
                modes[name] = "forcing"
    if chance(0.1):
        modes.update({"CO2": "emissions", "CO2 FFI": "left out", "CO2 AFOLU": "left out"})
        if (table.name == "Land use").any():
            modes["Land use"] = "forcing"
    if chance(0.1) and (table.name == "Equivalent effective stratospheric chlorine").any():
        modes["Equivalent effective stratospheric chlorine"] = "concentration"
    return modes


def vary_table(r, table):
    table = table.copy()
    lifetime = r.uniform(0.7, 1.4, len(table))
    for column in table.columns[6:]:
        if column.startswith("partition"):
            continue
        if column == "molecular_weight":
            continue
        factor = lifetime if column.startswith("unperturbed") else r.uniform(0.8, 1.25, len(table))
        table[column] = pd.to_numeric(table[column], errors="coerce") * factor
    table["forcing_temperature_feedback"] = np.where(r.random(len(table)) < 0.2, r.uniform(-0.05, 0.05, len(table)), 0)
    return table


def methane(r, table):
    """What the methane lifetime of its own burden needs: FaIR's g0, g1, iirf_0 from the lifetime, and sensitivities."""
    k = table.type == "ch4"
    tau = float(table[k].unperturbed_lifetime0.iloc[0])
    g1 = tau * (1 - (1 + 100 / tau) * np.exp(-100 / tau))
    iirf = tau * (1 - np.exp(-100 / tau))
    table.loc[k, ["g1", "g0", "iirf_0"]] = g1, np.exp(-iirf / g1), iirf
    table.loc[k, ["iirf_airborne", "iirf_uptake", "iirf_temperature"]] = r.uniform(0, 6e-4), 0.0, r.uniform(-0.4, 0)


def draw_members(r, pool, c, chance):
    members = pool.iloc[r.choice(len(pool), int(r.integers(1, 4)), replace=False)].copy()
    n = len(members)
    members[members.columns[1:]] *= r.uniform(0.8, 1.25, (n, len(members.columns) - 1))
    if c.layers == 2:
        members = members.drop(columns=["ocean_heat_capacity[2]", "ocean_heat_transfer[2]"])
    if c.layers == 4:
        members["ocean_heat_capacity[3]"], members["ocean_heat_transfer[3]"] = r.uniform(50, 200, n), r.uniform(0.2, 1.2, n)
    if chance(0.5):
        numbers = c.species.set_index("name")
        for parameter in r.choice(OWN, 8, replace=False):
            for name in r.choice(numbers.index, 4, replace=False):
                base = float(numbers.loc[name, parameter])
                if parameter == "forcing_temperature_feedback":
                    members[f"{parameter}[{name}]"] = r.uniform(-0.03, 0.03, n)
                elif np.isfinite(base):
                    members[f"{parameter}[{name}]"] = base * r.uniform(0.8, 1.25, n)
    if chance(0.3):
        members["lifetime_temperature_sensitivity"] = r.uniform(-0.1, 0, n)
    if chance(0.2) and c.ch4 == "thornhill2021":
        members["unperturbed_lifetime[CH4]"] = r.uniform(8, 12, n)
    members["config"] = r.permutation([f"c{k}" if chance(0.5) else f"member, {k}" for k in range(n)])
    return members[["config", *r.permutation([k for k in members.columns if k != "config"])]]


def draw_emissions(r, pool, c, chance):
    """The scenario of the case and another, rows and meta columns in any order, in units of several kinds."""
    base = pool[pool.scenario == r.choice(["low", "medium-extension", "high-extension"])].drop(columns="scenario").copy()
    extra = [("NOx aviation", "NOx", "Mt NO2/yr", 0.03), ("HFO-1234yf", "HFC-32", "kt HFOyf/yr", 1.0), ("Halon-1202", "Halon-1211", "kt Halon1202/yr", 0.3), ("Dust", "VOC", "Mt Dust/yr", 5.0)]
    for name, like, unit, factor in extra:
        row = base[base.variable == like].copy()
        row[row.columns[3:]] *= factor
        base = pd.concat([base, row.assign(variable=name, unit=unit)])
    fossil, land = (base[base.variable == k].iloc[0] for k in ("CO2 FFI", "CO2 AFOLU"))
    years = [k for k in base.columns if k not in HEAD]
    whole = fossil.copy()
    whole["variable"] = "CO2"
    whole[years] = (fossil[years] + land[years]).astype(float)
    base = pd.concat([base, whole.to_frame().T]).infer_objects()
    driven = set(c.species[c.species.input_mode == "emissions"].name)
    base = base[base.variable.isin(driven)].copy()
    years = [k for k in years if c.first < float(k) < c.last]
    values = base[years].values.astype(float)
    n, t = len(base), np.array(years, dtype=float)
    kind = str(r.choice(["waves", "zero from a year", "zero", "pulses", "overshoot", "minor zero", "constant", "jumps"]))
    co2 = base.variable.isin(("CO2 FFI", "CO2 AFOLU", "CO2")).values
    if kind in ("waves", "pulses", "overshoot"):
        phase = r.uniform(1, 6, (n, 1)) * (t - 1750) / 350 + r.random((n, 1))
        values = values * np.exp(r.normal(0, 0.2, (n, 1)) + r.normal(0, 0.3, (n, 1)) * np.sin(2 * np.pi * phase))
    if kind == "zero from a year":
        values = np.where(t > r.uniform(c.start, c.end), 0, values)
    if kind == "zero":
        values = values * 0
    if kind == "pulses":
        for k in range(n):
            if chance(0.3):
                values[k, int(r.integers(len(t)))] += (values[k].max() + 1e-3) * r.uniform(2, 20)
    if kind == "overshoot":
        late = t > c.start + 0.7 * (c.end - c.start)
        values[base.variable.isin(("CO2 FFI", "CO2")).values] = np.where(late, -r.uniform(2, 25), values[base.variable.isin(("CO2 FFI", "CO2")).values])
    if kind == "minor zero":
        values[~co2 & ~base.variable.isin(("CH4", "N2O", "Sulfur")).values] = 0
    if kind == "constant":
        values = np.repeat(values[:, -1:], len(t), axis=1)
    if kind == "jumps":
        values = values * r.choice([0, 0.5, 1, 2], values.shape)
    base[years] = values
    base = base.reset_index(drop=True)
    for i, name in enumerate(base.variable):
        if name in UNITS and chance(0.3):
            unit = str(r.choice(UNITS[name]))
            base.loc[i, "unit"] = unit
            base.loc[i, years] = (base.loc[i, years].astype(float) * AMOUNT.get(unit, 1.0)).values
    base["region"] = r.choice(["World", "world"])
    one = base.assign(scenario=c.scenario)
    table = pd.concat([one, base.assign(scenario="not this one")]).sample(frac=1, random_state=int(r.integers(1e9)))
    return table[list(r.permutation(HEAD)) + years], kind


def draw_others(r, pool, c, modes):
    """Forcing of what is driven by it, concentrations rising or falling smoothly, at the bounds of whole years."""
    bounds = np.arange(c.first, c.last + 1)
    texts = [str(b) for b in bounds]
    forcing = pool[pool.Variable.isin(c.species.name)][["Variable", "Region", "Unit", *texts]]
    waved = [k for k, m in modes.items() if m == "forcing"] + list(c.species[c.species.type == "unspecified"].name)
    waves = [[k, "World", "W/m2", *(r.normal(0, 0.3) * np.sin((bounds - c.start) / r.uniform(10, 80)))] for k in waved]
    forcing = pd.concat([forcing, pd.DataFrame(waves, columns=forcing.columns)]).sample(frac=1, random_state=int(r.integers(1e9)))
    rise = ((bounds - c.first) / (c.last - c.first)) ** 2
    tops = {"co2": (250, 900, "ppm"), "ch4": (600, 3000, "ppb"), "n2o": (260, 500, "ppb")}
    rows = []
    for name in (k for k, m in modes.items() if m == "concentration" and (c.species.name == k).any()):
        row = c.species[c.species.name == name].iloc[0]
        low, high, unit = tops.get(row.type, (5, 500, "ppt"))
        first = float(row.baseline_concentration)
        first = first if np.isfinite(first) else 0.0
        rows.append([c.scenario, "World", name, unit, *(first + (r.uniform(low, high) - first) * rise)])
    return forcing, pd.DataFrame(rows, columns=HEAD + texts)
