// Reads a table of energy balance calibrations: columns model, run, gamma, C1…, kappa1…, epsilon, F_4xCO2.
import { ClimateError, type EnergyBalance } from '@madang/climate';
import { CommandError } from '../command.ts';
import { type InputFile, table } from './input.ts';

export interface Calibration {
  readonly model: string;
  readonly run: string;
  readonly row: number;
  readonly balance: EnergyBalance;
}

export function readCalibrations(input: InputFile): readonly Calibration[] {
  const t = table(input);
  const layers = t.columns.filter(c => /^C\d+$/.test(c)).length;
  if (layers < 2)
    throw new CommandError(`${input.path}: give the heat capacities of two layers or more as columns C1, C2, …`);
  const deeper = t.columns.find(c => /^kappa\d+$/.test(c) && !t.has(c.replace('kappa', 'C')));
  if (deeper !== undefined)
    throw new CommandError(
      `${input.path}, column "${deeper}": there is no column "${deeper.replace('kappa', 'C')}" for its layer`,
    );
  const refuse = (i: number, column: string, why: string) =>
    new ClimateError('bad-number', `${input.path}, row ${t.line(i)}, column "${column}": ${why}`);
  const need = (column: string) => {
    const values = t.numbers(column);
    for (const [i, v] of values.entries()) {
      if (!Number.isFinite(v)) throw refuse(i, column, 'a number is missing');
      if (v <= 0) throw refuse(i, column, `it is ${v}; it must be positive`);
    }
    return values;
  };
  const capacity = Array.from({ length: layers }, (_, l) => need(`C${l + 1}`));
  const transfer = Array.from({ length: layers }, (_, l) => need(`kappa${l + 1}`));
  const [gamma, epsilon, f4x] = ['gamma', 'epsilon', 'F_4xCO2'].map(need);
  const model = t.text('model');
  const run = t.text('run');
  if (t.length === 0) throw new CommandError(`${input.path}: there is no calibration below the header`);
  const first = new Map<string, number>();
  for (const [i, name] of model.entries()) {
    if (name.trim() === '') throw refuse(i, 'model', 'a calibration needs the name of its model');
    const key = `${name} ${run[i]}`;
    if (first.has(key))
      throw new CommandError(`${input.path}, row ${t.line(i)}: ${key} is there twice, first in row ${first.get(key)}`);
    first.set(key, t.line(i));
  }
  return model.map((name, i) => ({
    model: name,
    run: run[i],
    row: t.line(i),
    balance: {
      heatCapacity: capacity.map(c => c[i]),
      heatTransfer: transfer.map(c => c[i]),
      deepOceanEfficacy: epsilon[i],
      gammaAutocorrelation: gamma[i],
      forcing4co2: f4x[i],
    },
  }));
}
