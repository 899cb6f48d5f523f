// Hubverse model output: the long form that hubs accept, and a check against the hub's own tasks.json (hubverse schema, versions 2 to 5),
// so that a submission is refused here and not by the hub.

import { allowed, type HubTasks, type ModelTask, modelTasks } from './hub-tasks.ts';

/** One row of model output. `output_type_id` is the quantile level as text. */
export interface OutputRow {
  readonly [taskId: string]: string | number;
}

/** What a hub calls things: the round's date column and the names of the targets. */
export interface OutputNames {
  readonly round: 'origin_date' | 'reference_date';
  readonly targets: Readonly<Record<string, string>>;
}

export const OUTPUT_NAMES: Readonly<Record<'respicast' | 'flusight', OutputNames>> = {
  respicast: { round: 'origin_date', targets: { ILI: 'ILI incidence', ARI: 'ARI incidence' } },
  flusight: { round: 'reference_date', targets: { hosp: 'wk inc flu hosp' } },
};

/** A problem of a submission: the row (from 1, the header not counted; 0 = the whole) and what to do. */
export interface SubmissionProblem {
  readonly row: number;
  readonly problem: string;
}

/** Checks rows against a hub's rules; an empty list means that they are kept. */
export function checkSubmission(tasks: HubTasks, rows: readonly OutputRow[]): SubmissionProblem[] {
  const models = modelTasks(tasks);
  const problems: SubmissionProblem[] = [];
  const groups = new Map<string, { first: number; task: ModelTask; type: string; found: Map<number, number> }>();
  for (const [i, row] of rows.entries()) {
    const misfits = models.map(m => misfit(m, row));
    const k = misfits.indexOf(undefined);
    if (k < 0) {
      // Of several tasks the one of the same target says best what is wrong.
      const near = models.findIndex(m => allowed(m.task_ids['target']).includes(String(row['target'])));
      problems.push({ row: i + 1, problem: misfits[Math.max(0, near)] ?? 'no task of the hub fits this row' });
      continue;
    }
    const task = models[k];
    const type = String(row['output_type']);
    const output = task.output_type[type];
    const value = Number(row['value']);
    if (!Number.isFinite(value)) problems.push({ row: i + 1, problem: `value "${row['value']}" is not a number` });
    else if (output.value?.minimum !== undefined && value < output.value.minimum)
      problems.push({ row: i + 1, problem: `value ${value} is below the hub's minimum ${output.value.minimum}` });
    else if (output.value?.maximum !== undefined && value > output.value.maximum)
      problems.push({ row: i + 1, problem: `value ${value} is above the hub's maximum ${output.value.maximum}` });
    else if (output.value?.type === 'integer' && !Number.isInteger(value))
      problems.push({ row: i + 1, problem: `value ${value} is not a whole number, as the hub demands` });
    const key = [...Object.keys(task.task_ids).map(t => row[t]), type].join('\t');
    const group = groups.get(key) ?? { first: i + 1, task, type, found: new Map<number, number>() };
    groups.set(key, group);
    const id = Number(row['output_type_id']);
    if (group.found.has(id)) problems.push({ row: i + 1, problem: `output_type_id ${id} is given twice` });
    group.found.set(id, value);
  }
  for (const g of groups.values()) {
    if (g.type !== 'quantile') continue;
    const wanted = (g.task.output_type[g.type].output_type_id?.required ?? []).map(Number);
    const absent = wanted.filter(t => !g.found.has(t));
    if (absent.length > 0) problems.push({ row: g.first, problem: `quantiles are missing: ${absent.join(', ')}` });
    const ordered = [...g.found].sort(([a], [b]) => a - b).map(([, v]) => v);
    if (ordered.some((v, i) => i > 0 && v < ordered[i - 1]))
      problems.push({ row: g.first, problem: 'quantiles cross: a higher level has a lower value' });
  }
  return problems;
}

/** Why a row does not fit a task; undefined when it does. */
function misfit(task: ModelTask, row: OutputRow): string | undefined {
  for (const [id, set] of Object.entries(task.task_ids)) {
    const values = allowed(set);
    if (row[id] === undefined) return `column "${id}" is missing`;
    if (values.length > 0 && !values.includes(String(row[id])))
      return `${id} "${row[id]}" is not among those that the hub allows`;
  }
  const output = task.output_type[String(row['output_type'])];
  if (!output) return `output_type "${row['output_type']}" is not asked for this target`;
  const ids = [...(output.output_type_id?.required ?? []), ...(output.output_type_id?.optional ?? [])].map(Number);
  if (ids.length > 0 && !ids.includes(Number(row['output_type_id'])))
    return `output_type_id "${row['output_type_id']}" is not among those that the hub allows`;
  return undefined;
}
