// Standard types of lines and transformers, which PyPSA's folders name without writing them: electrical constants of common conductors and
// transformers, as pandapower and PyPSA list them. A type in the folder's own line_types.csv or transformer_types.csv comes first.
import { componentsOf, numberOf, type PlanNetwork } from './network.ts';

/** Name, resistance and reactance in ohm per km. */
const LINES: readonly (readonly [string, number, number])[] = [
  ['149-AL1/24-ST1A 10.0', 0.194, 0.315],
  ['149-AL1/24-ST1A 110.0', 0.194, 0.41],
  ['149-AL1/24-ST1A 20.0', 0.194, 0.337],
  ['15-AL1/3-ST1A 0.4', 1.8769, 0.35],
  ['184-AL1/30-ST1A 110.0', 0.1571, 0.4],
  ['184-AL1/30-ST1A 20.0', 0.1571, 0.33],
  ['24-AL1/4-ST1A 0.4', 1.2012, 0.335],
  ['243-AL1/39-ST1A 110.0', 0.1188, 0.39],
  ['243-AL1/39-ST1A 20.0', 0.1188, 0.32],
  ['305-AL1/39-ST1A 110.0', 0.0949, 0.38],
  ['34-AL1/6-ST1A 10.0', 0.8342, 0.36],
  ['34-AL1/6-ST1A 20.0', 0.8342, 0.382],
  ['48-AL1/8-ST1A 0.4', 0.5939, 0.3],
  ['48-AL1/8-ST1A 10.0', 0.5939, 0.35],
  ['48-AL1/8-ST1A 20.0', 0.5939, 0.372],
  ['48-AL1/8-ST1A 110.0', 0.5939, 0.46],
  ['70-AL1/11-ST1A 10.0', 0.4132, 0.339],
  ['70-AL1/11-ST1A 20.0', 0.4132, 0.36],
  ['70-AL1/11-ST1A 110.0', 0.4132, 0.45],
  ['94-AL1/15-ST1A 0.4', 0.306, 0.29],
  ['94-AL1/15-ST1A 10.0', 0.306, 0.33],
  ['94-AL1/15-ST1A 20.0', 0.306, 0.35],
  ['94-AL1/15-ST1A 110.0', 0.306, 0.44],
  ['122-AL1/20-ST1A 10.0', 0.2376, 0.323],
  ['122-AL1/20-ST1A 20.0', 0.2376, 0.344],
  ['122-AL1/20-ST1A 110.0', 0.2376, 0.43],
  ['490-AL1/64-ST1A 220.0', 0.059, 0.285],
  ['490-AL1/64-ST1A 380.0', 0.059, 0.253],
  ['490-AL1/64-ST1A 110.0', 0.059, 0.37],
  ['679-AL1/86-ST1A 110.0', 0.042, 0.36],
  ['679-AL1/86-ST1A 220.0', 0.042, 0.275],
  ['679-AL1/86-ST1A 380.0', 0.042, 0.25],
  ['N2XS(FL)2Y 1x120 RM/35 64/110 kV', 0.153, 0.166],
  ['N2XS(FL)2Y 1x185 RM/35 64/110 kV', 0.099, 0.156],
  ['N2XS(FL)2Y 1x240 RM/35 64/110 kV', 0.075, 0.149],
  ['N2XS(FL)2Y 1x300 RM/35 64/110 kV', 0.06, 0.144],
  ['NA2XS2Y 1x95 RM/25 6/10 kV', 0.313, 0.123],
  ['NA2XS2Y 1x185 RM/25 6/10 kV', 0.161, 0.11],
  ['NA2XS2Y 1x240 RM/25 6/10 kV', 0.122, 0.105],
  ['NA2XS2Y 1x150 RM/25 12/20 kV', 0.206, 0.116],
  ['NA2XS2Y 1x185 RM/25 12/20 kV', 0.161, 0.117],
  ['NA2XS2Y 1x240 RM/25 12/20 kV', 0.122, 0.112],
  ['NA2XS2Y 1x120 RM/25 12/20 kV', 0.253, 0.119],
  ['NA2XS2Y 1x70 RM/25 12/20 kV', 0.443, 0.132],
  ['NA2XS2Y 1x95 RM/25 12/20 kV', 0.313, 0.132],
  ['NA2XS2Y 1x150 RM/25 6/10 kV', 0.206, 0.11],
  ['NA2XS2Y 1x120 RM/25 6/10 kV', 0.253, 0.113],
  ['NA2XS2Y 1x70 RM/25 6/10 kV', 0.443, 0.123],
  ['NAYY 4x120 SE', 0.225, 0.08],
  ['NAYY 4x150 SE', 0.208, 0.08],
  ['NAYY 4x50 SE', 0.642, 0.083],
  ['Al/St 240/40 2-bundle 220.0', 0.06, 0.301],
  ['Al/St 240/40 3-bundle 300.0', 0.04, 0.265],
  ['Al/St 240/40 4-bundle 380.0', 0.03, 0.246],
  ['Al/St 490/64 4-bundle 380.0', 0.015, 0.16],
  ['HTLS 4-bundle 380.0', 0.02, 0.26],
  ['Al/St 560/50 4-bundle 750.0', 0.013, 0.276],
  ['HVDC XLPE 1000', 0.0022, 1e-6],
  ['HVDC Oil filled 1400', 0.00264, 1e-6],
];

/** Name, capacity MVA, short-circuit voltage and its real part in %, phase shift in degrees, neutral tap position, step in %. */
const TRANSFORMERS: readonly (readonly [string, number, number, number, number, number, number])[] = [
  ['0.25 MVA 10/0.4 kV', 0.25, 4, 1.2, 150, 0, 2.5],
  ['0.25 MVA 20/0.4 kV', 0.25, 6, 1.44, 150, 0, 2.5],
  ['0.4 MVA 10/0.4 kV', 0.4, 4, 1.325, 150, 0, 2.5],
  ['0.4 MVA 20/0.4 kV', 0.4, 6, 1.425, 150, 0, 2.5],
  ['0.63 MVA 10/0.4 kV', 0.63, 4, 1.0794, 150, 0, 2.5],
  ['0.63 MVA 20/0.4 kV', 0.63, 6, 1.206, 150, 0, 2.5],
  ['100 MVA 220/110 kV', 100, 12, 0.26, 0, 0, 1.5],
  ['160 MVA 380/110 kV', 160, 12.2, 0.25, 0, 0, 1.5],
  ['25 MVA 110/10 kV', 25, 10.04, 0.276, 150, 0, 1.5],
  ['25 MVA 110/20 kV', 25, 11.2, 0.282, 150, 0, 1.5],
  ['40 MVA 110/10 kV', 40, 10.04, 0.295, 150, 0, 1.5],
  ['40 MVA 110/20 kV', 40, 11.2, 0.302, 150, 0, 1.5],
  ['63 MVA 110/10 kV', 63, 10.04, 0.31, 150, 0, 1.5],
  ['63 MVA 110/20 kV', 63, 11.2, 0.322, 150, 0, 1.5],
];

/** Ohm per km of a line type; undefined when there is none of that name. */
export function lineType(network: PlanNetwork, name: string): { r: number; x: number } | undefined {
  const own = componentsOf(network, 'line_types');
  const at = own.names.indexOf(name);
  if (at >= 0) return { r: numberOf(own, 'r_per_length', at), x: numberOf(own, 'x_per_length', at) };
  const known = LINES.find(t => t[0] === name);
  return known && { r: known[1], x: known[2] };
}

export interface TransformerType {
  /** MVA. */
  readonly capacity: number;
  /** Percent. */
  readonly vsc: number;
  readonly vscr: number;
  /** Degrees. */
  readonly phaseShift: number;
  readonly tapNeutral: number;
  /** Percent a step. */
  readonly tapStep: number;
}

export function transformerType(network: PlanNetwork, name: string): TransformerType | undefined {
  const own = componentsOf(network, 'transformer_types');
  const at = own.names.indexOf(name);
  if (at >= 0)
    return {
      capacity: numberOf(own, 's_nom', at),
      vsc: numberOf(own, 'vsc', at),
      vscr: numberOf(own, 'vscr', at),
      phaseShift: numberOf(own, 'phase_shift', at),
      tapNeutral: numberOf(own, 'tap_neutral', at),
      tapStep: numberOf(own, 'tap_step', at),
    };
  const known = TRANSFORMERS.find(t => t[0] === name);
  return (
    known && {
      capacity: known[1],
      vsc: known[2],
      vscr: known[3],
      phaseShift: known[4],
      tapNeutral: known[5],
      tapStep: known[6],
    }
  );
}
