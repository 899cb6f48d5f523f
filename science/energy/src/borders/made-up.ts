// Made-up countries for tests and simulated studies: wind, gas, a battery and a load each, as PyPSA folders.
import { random } from '@madang/numerics';
import type { Border } from './consensus.ts';

/** Prices of gas power, in the order of the countries: what makes trade worth something. */
const GAS_PRICES = [60, 35, 90];

/** Files of one of the countries (one bus of its name) over `snapshots` hours; weather, load and costs follow from the name. */
export function madeUpCountry(name: string, countries: readonly string[], snapshots: number): Map<string, string> {
  const r = random(`country ${name}`);
  const series = (f: () => number) => Array.from({ length: snapshots }, f);
  const wind = series(() => r.uniform());
  const load = series(() => 300 + 200 * r.uniform());
  const rows = (of: (t: number) => string) => wind.map((_, t) => of(t)).join('\n');
  return new Map([
    ['snapshots.csv', `,snapshot,objective,stores,generators\n${rows(t => `${t},${t},100,2,100`)}\n`],
    ['buses.csv', `name\n${name}\n`],
    [
      'generators.csv',
      `name,bus,p_nom,p_nom_extendable,p_nom_max,capital_cost,marginal_cost\n${name} wind,${name},0,True,900,${30000 + 10000 * r.uniform()},0\n${name} gas,${name},700,False,,0,${GAS_PRICES[countries.indexOf(name) % GAS_PRICES.length]}\n`,
    ],
    ['generators-p_max_pu.csv', `,${name} wind\n${rows(t => `${t},${wind[t]}`)}\n`],
    ['loads.csv', `name,bus\n${name} load,${name}\n`],
    ['loads-p_set.csv', `,${name} load\n${rows(t => `${t},${load[t]}`)}\n`],
    [
      'storage_units.csv',
      `name,bus,p_nom_extendable,capital_cost,max_hours,cyclic_state_of_charge,efficiency_store\n${name} battery,${name},True,4000,4,True,0.9\n`,
    ],
  ]);
}

/** The countries' folders in one, with a link where each border is: what a joint planner would see. */
export function madeUpJointly(
  names: readonly string[],
  borders: readonly Border[],
  snapshots: number,
): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of names)
    for (const [file, text] of madeUpCountry(name, names, snapshots)) {
      const before = files.get(file);
      if (before === undefined || file === 'snapshots.csv') files.set(file, text);
      else if (file.includes('-')) {
        // Series: one more column.
        const more = text.trim().split('\n');
        const lines = before.trim().split('\n');
        files.set(file, `${lines.map((l, i) => l + more[i].slice(more[i].indexOf(','))).join('\n')}\n`);
      } else files.set(file, before + text.slice(text.indexOf('\n') + 1));
    }
  const links = borders.map(b => `${b.name},${b.from.bus},${b.to.bus},${b.capacityMw},-1`);
  files.set('links.csv', `name,bus0,bus1,p_nom,p_min_pu\n${links.join('\n')}\n`);
  return files;
}
