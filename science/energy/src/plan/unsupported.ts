// What a PyPSA folder can say and this planner cannot: refused by name when it would change the answer, noted when it is only not used.
import { EnergyError } from '../error.ts';
import { ATTRIBUTES, defaultOf } from './attributes.ts';
import { type Components, componentsOf, flagOf, numberOf, type PlanNetwork } from './network.ts';

/** Refuses components that ask for what the program cannot express. */
export function refuseUnsupported(network: PlanNetwork): void {
  for (const list of ['generators', 'links', 'processes']) {
    const c = componentsOf(network, list);
    for (const [i, name] of c.names.entries()) {
      const refuse = (what: string) => {
        throw new EnergyError('unsupported', `${list}.csv, "${name}": ${what}`);
      };
      if (/^(true|1|1\.0)$/i.test(c.columns['maintainable']?.[i] ?? ''))
        refuse('planned maintenance (maintainable) is not supported; set it to False');
      if (!flagOf(c, 'committable', i)) continue;
      const extendable = flagOf(c, 'p_nom_extendable', i);
      const module = numberOf(c, 'p_nom_mod', i);
      if (module > 0) {
        const count = numberOf(c, 'p_nom', i) / module;
        if (!extendable && Math.abs(count - Math.round(count)) > 1e-6)
          refuse(`p_nom must be a whole number of modules (p_nom_mod ${module})`);
        if (numberOf(c, 'min_down_time', i) > 0)
          refuse('min_down_time of a unit that is committed module by module is not supported; set it to 0');
        if (!extendable && hasRamps(c, i))
          refuse('ramp limits of a given number of modules that are committed one by one are not supported');
      }
    }
  }
}

const RAMPS = ['ramp_limit_up', 'ramp_limit_down', 'ramp_limit_start_up', 'ramp_limit_shut_down'];

function hasRamps(c: Components, i: number): boolean {
  return RAMPS.some(a => c.series[a]?.has(c.names[i]) || !Number.isNaN(numberOf(c, a, i)));
}

/** Refuses files whose meaning is lost; returns notes on files and columns that are not used. */
export function unusedFiles(files: readonly string[]): string[] {
  const notes: string[] = [];
  for (const file of files) {
    if (file.endsWith('-pw.csv'))
      throw new EnergyError(
        'unsupported',
        `${file}: piecewise curves are not supported; remove the file to plan without`,
      );
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
  ...['cross_section', 'references', 'pfe', 'i0', 'v_nom_0', 'v_nom_1', 'tap_min', 'tap_max', 'maintainable'],
  ...['maintenance_duration', 'maintenance_pu', 'maintenance_events', 'v_mag_pu', 'tags', 'sub_network'],
]);

/** Results that stand beside inputs. */
const RESULT =
  /_opt$|^mu(_|$)|^marginal_price$|^(p|q|s|e|v_ang|status|start_up|shut_down|spill|state_of_charge|p_dispatch|p_store)\d*$|_pu$|_pu_eff$/;
