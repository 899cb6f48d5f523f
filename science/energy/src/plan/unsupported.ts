// What a PyPSA folder can say and this planner cannot: refused by name when it would change the answer, noted when it is only not used.
import { EnergyError } from '../error.ts';
import { ATTRIBUTES, defaultOf } from './attributes.ts';
import { type Components, componentsOf, flagOf, numberOf, type PlanNetwork } from './network.ts';

/** Refuses components that ask for what the program cannot express. */
export function refuseUnsupported(network: PlanNetwork): void {
  for (const list of COMMITTED) {
    const c = componentsOf(network, list);
    for (const [i, name] of c.names.entries()) {
      const module = numberOf(c, 'p_nom_mod', i);
      if (!(module > 0) || !flagOf(c, 'committable', i) || flagOf(c, 'p_nom_extendable', i)) continue;
      const count = numberOf(c, 'p_nom', i) / module;
      if (Math.abs(count - Math.round(count)) > 1e-6)
        throw new EnergyError(
          'unsupported',
          `${list}.csv, "${name}": p_nom must be a whole number of modules (p_nom_mod ${module})`,
        );
    }
  }
}

/** Where this planner knowingly gives another optimum than PyPSA 1.4.0, whose program does not follow its description there. */
export function differences(network: PlanNetwork): string[] {
  const notes: string[] = [];
  for (const list of COMMITTED) {
    const c = componentsOf(network, list);
    for (const [i, name] of c.names.entries()) {
      if (!(numberOf(c, 'p_nom_mod', i) > 0) || !flagOf(c, 'committable', i)) continue;
      if (numberOf(c, 'min_down_time', i) > 0)
        notes.push(
          `${list}.csv, "${name}": min_down_time holds module by module (PyPSA 1.4.0 runs one module at most)`,
        );
      if (!flagOf(c, 'p_nom_extendable', i) && hasRamps(c, i))
        notes.push(
          `${list}.csv, "${name}": ramp limits hold module by module (PyPSA 1.4.0 takes all of p_nom for each)`,
        );
    }
  }
  return notes;
}

const COMMITTED = ['generators', 'links', 'processes'];

const RAMPS = ['ramp_limit_up', 'ramp_limit_down', 'ramp_limit_start_up', 'ramp_limit_shut_down'];

function hasRamps(c: Components, i: number): boolean {
  return RAMPS.some(a => c.series[a]?.has(c.names[i]) || !Number.isNaN(numberOf(c, a, i)));
}

/** Notes on files that are not used. */
export function unusedFiles(files: readonly string[]): string[] {
  const notes: string[] = [];
  for (const file of files) {
    const list = /^([a-z_]+?)(-.*)?\.csv$/.exec(file)?.[1] ?? file;
    if (!(list in ATTRIBUTES) && !OTHER_FILES.has(list)) notes.push(`${file} is not used`);
  }
  return notes;
}

/** A note on the columns of a list (after the first, the names) that mean nothing here and are not known as harmless; undefined without any. */
export function unusedColumns(list: string, columns: readonly string[]): string | undefined {
  if (columns.includes('scenario'))
    throw new EnergyError('unsupported', `${list}.csv: stochastic scenarios are not supported; export one of them`);
  const unknown = columns
    .slice(1)
    .filter(c => defaultOf(list, c) === undefined && !HARMLESS.has(c) && !RESULT.test(c) && c.trim() !== '');
  return unknown.length > 0 ? `${list}.csv: not used: ${unknown.join(', ')}` : undefined;
}

const OTHER_FILES = new Set([
  'network',
  'snapshots',
  'investment_periods',
  'shapes',
  'sub_networks',
  'shunt_impedances',
]);

/** Inputs that only a power flow or a picture reads. */
const HARMLESS = new Set([
  ...['control', 'q_set', 'v_mag_pu_set', 'v_mag_pu_min', 'v_mag_pu_max', 'unit', 'location', 'type', 'generator'],
  ...['color', 'nice_name', 'weight', 'g', 'b', 'model', 'tap_side', 'f_nom', 'i_nom', 'c_per_length', 'mounting'],
  ...['cross_section', 'references', 'pfe', 'i0', 'v_nom_0', 'v_nom_1', 'tap_min', 'tap_max'],
  ...['v_mag_pu', 'tags', 'sub_network'],
]);

/** Results that stand beside inputs. */
const RESULT =
  /_opt$|^mu(_|$)|^marginal_price$|^(p|q|s|e|v_ang|status|start_up|shut_down|spill|state_of_charge|p_dispatch|p_store)\d*$|_pu$|_pu_eff$/;
