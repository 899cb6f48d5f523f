// From the files of `madang climate fair` to a model and its drivers. Everything that can be wrong with the input is found here, before the run.
import {
  type Drivers,
  type DriverTable,
  type FairModel,
  type FairOptions,
  GHG_METHODS,
  molecularWeights,
  type RunTime,
  readDrivers,
  readDriverTable,
  readMembers,
  readSpecies,
  scenarioNames,
  spannedTime,
  steps,
} from '@madang/climate/fair';
import { CommandError, type Options } from '../command.ts';
import { type Fingerprint, type InputFile, numberOption, readInput, table } from './input.ts';

export interface FairFiles {
  readonly emissions?: string;
  readonly concentrations?: string;
  readonly forcing?: string;
  /** Prescribed surface temperature. */
  readonly temperature?: string;
  readonly configs: string;
  readonly species: string;
}

export interface FairRequest {
  readonly files: FairFiles;
  readonly scenario?: string;
  readonly members?: readonly string[];
  readonly start?: number;
  readonly end?: number;
  readonly stepYears: number;
  readonly interpolate: boolean;
}

export interface FairInput {
  readonly model: FairModel;
  readonly drivers: Drivers;
  readonly inputs: readonly Fingerprint[];
  readonly ignored: readonly string[];
}

export function readFairInput(request: FairRequest): FairInput {
  const { files } = request;
  const inputs: Fingerprint[] = [];
  const open = (path: string) => {
    const f = readInput(path);
    // Without their text, which nobody needs once it is read.
    inputs.push({ name: f.name, sha256: f.sha256 });
    return f;
  };
  const species = readSpecies(table(open(files.species)), files.species);
  const { model, ignored } = readMembers(table(open(files.configs)), species, files.configs, request.members);
  const tables: DriverTable[] = [];
  for (const kind of ['emissions', 'concentration', 'forcing'] as const) {
    const path = kind === 'concentration' ? files.concentrations : files[kind];
    if (path !== undefined) tables.push(readDriverTable(table(open(path)), kind, path));
  }
  if (tables.length === 0)
    throw new CommandError('give at least one table of drivers: --emissions, --concentrations or --forcing', 2);
  const scenario = pickScenario(request.scenario, tables);
  const time = { ...spannedTime(tables, { start: request.start, end: request.end }), stepYears: request.stepYears };
  const read = readDrivers({
    species: model.species,
    tables,
    scenario,
    time,
    weights: molecularWeights(species),
    interpolate: request.interpolate,
  });
  const drivers =
    files.temperature === undefined
      ? read.drivers
      : { ...read.drivers, temperature: readTemperature(open(files.temperature), time, request.interpolate) };
  return { model, drivers, inputs, ignored: [...ignored, ...read.ignored] };
}

/** Surface temperature at every bound of a run from columns year and temperature_K. */
function readTemperature(file: InputFile, time: RunTime, interpolate: boolean): Float64Array {
  const t = table(file);
  const years = t.numbers('year');
  const values = t.numbers('temperature_K');
  const refuse = (r: number, column: string, why: string) =>
    new CommandError(`${file.path}, row ${t.line(r)}, column "${column}": ${why}`);
  for (let r = 0; r < t.length; r++) {
    if (Number.isNaN(years[r])) throw refuse(r, 'year', 'the year is missing');
    if (Number.isNaN(values[r])) throw refuse(r, 'temperature_K', 'the value is missing');
    if (r > 0 && !(years[r] > years[r - 1])) throw refuse(r, 'year', `${years[r]} comes after ${years[r - 1]}`);
  }
  let k = 0;
  return Float64Array.from({ length: steps(time) + 1 }, (_, i) => {
    const year = time.start + i * time.stepYears;
    while (k + 1 < t.length && years[k + 1] <= year) k += 1;
    if (years[k] === year) return values[k];
    if (!interpolate || !(years[k] < year && k + 1 < t.length))
      throw new CommandError(
        `${file.path}, column "year": ${year} is missing; the run needs every bound from ${time.start} to ${time.end}`,
      );
    return values[k] + ((values[k + 1] - values[k]) * (year - years[k])) / (years[k + 1] - years[k]);
  });
}

function pickScenario(asked: string | undefined, tables: readonly DriverTable[]): string {
  if (asked !== undefined) return asked;
  const names = scenarioNames(tables);
  if (names.length === 1) return names[0];
  throw new CommandError(
    names.length === 0 ? 'give the scenario a name with --scenario' : `choose one with --scenario: ${names.join(', ')}`,
    2,
  );
}

/** The request and the method of a run from the options of options.ts. */
export function fairRequest(options: Options): {
  readonly request: FairRequest;
  readonly method: FairOptions;
  /** The method in words, for provenance. */
  readonly said: string;
} {
  const text = (k: string) => (typeof options[k] === 'string' ? (options[k] as string) : undefined);
  const request = {
    files: {
      emissions: text('emissions'),
      concentrations: text('concentrations'),
      forcing: text('forcing'),
      temperature: text('prescribe'),
      configs: text('configs')!,
      species: text('species')!,
    },
    scenario: text('scenario'),
    members: text('members')
      ?.split(',')
      .map(s => s.trim()),
    start: numberOption(options['start'], '--start'),
    end: numberOption(options['end'], '--end'),
    stepYears: positive(numberOption(options['step'], '--step') ?? 1, '--step'),
    interpolate: options['interpolate'] === true,
  };
  const ghgMethod = oneOf(text('ghgMethod') ?? 'meinshausen2020', GHG_METHODS, '--ghg-method');
  const ch4Method = oneOf(
    text('ch4Method') ?? 'thornhill2021',
    ['thornhill2021', 'leach2021'] as const,
    '--ch4-method',
  );
  const iirfMax = positive(numberOption(options['iirfMax'], '--iirf-max') ?? 100, '--iirf-max');
  const bromineFactor = positive(numberOption(options['bromineFactor'], '--bromine-factor') ?? 45, '--bromine-factor');
  const said = [
    `${ghgMethod}, ${ch4Method}`,
    ...(iirfMax === 100 ? [] : [`iirf at most ${iirfMax}`]),
    ...(bromineFactor === 45 ? [] : [`bromine factor ${bromineFactor}`]),
    ...(request.stepYears === 1 ? [] : [`steps of ${request.stepYears} years`]),
    ...(request.files.temperature === undefined ? [] : ['temperature prescribed']),
  ].join('; ');
  return { request, method: { ghgMethod, ch4Method, iirfMax, bromineFactor }, said };
}

/** The reference period of warming, as `--reference 1850-1900`. */
export function referencePeriod(options: Options): readonly [number, number] {
  const text = typeof options['reference'] === 'string' ? options['reference'] : '1850-1900';
  const m = /^(\d+)-(\d+)$/.exec(text);
  if (!m || Number(m[2]) < Number(m[1]))
    throw new CommandError(`--reference must be two years, as 1850-1900, not "${text}"`, 2);
  return [Number(m[1]), Number(m[2])];
}

function positive(x: number, flag: string): number {
  if (x > 0) return x;
  throw new CommandError(`${flag} must be a number above 0, not "${x}"`, 2);
}

function oneOf<T extends string>(value: string, allowed: readonly T[], flag: string): T {
  const found = allowed.find(a => a === value);
  if (found !== undefined) return found;
  throw new CommandError(`${flag} must be one of ${allowed.join(', ')}, not "${value}"`, 2);
}
