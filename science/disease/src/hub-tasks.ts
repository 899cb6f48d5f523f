// A hubverse hub's own rules (hub-config/tasks.json, schema versions 2 to 5): its rounds and what each asks for.
import { dayOf } from './calendar.ts';

export interface ValueSet {
  readonly required?: readonly unknown[] | null;
  readonly optional?: readonly unknown[] | null;
}

interface OutputType {
  readonly output_type_id?: ValueSet | null;
  readonly output_type_id_params?: unknown;
  readonly value?: { readonly type?: string; readonly minimum?: number; readonly maximum?: number };
}

export interface ModelTask {
  readonly task_ids: Readonly<Record<string, ValueSet>>;
  readonly output_type: Readonly<Record<string, OutputType>>;
}

interface Round {
  readonly round_id_from_variable?: boolean;
  readonly round_id?: string;
  readonly submissions_due?: { readonly relative_to?: string; readonly end?: number | string };
  readonly model_tasks?: readonly ModelTask[];
}

/** A hub's rules; {@link hubTasks} makes them from JSON. */
export interface HubTasks {
  readonly rounds: readonly Round[];
}

/** The rules that a tasks.json holds. Throws a RangeError that names the member at fault when it is none. */
export function hubTasks(json: unknown): HubTasks {
  const need = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(what);
  };
  const list = (x: unknown): x is readonly unknown[] => Array.isArray(x);
  const set = (x: unknown, at: string) => {
    need(isRecord(x), `"${at}" is not an object with "required" and "optional"`);
    for (const [k, v] of Object.entries(x as object))
      need((k !== 'required' && k !== 'optional') || v === null || list(v), `"${at}.${k}" is not a list`);
  };
  need(isRecord(json) && list(json['rounds']), 'no "rounds"; is it a hubverse hub?');
  const { rounds } = json as { rounds: readonly unknown[] };
  for (const [i, r] of rounds.entries()) {
    const tasks = isRecord(r) ? (r['model_tasks'] ?? []) : undefined;
    need(list(tasks), `"rounds[${i}]" is not a round with a list of "model_tasks"`);
    for (const [k, t] of (tasks as readonly unknown[]).entries()) {
      const at = `rounds[${i}].model_tasks[${k}]`;
      need(
        isRecord(t) && isRecord(t['task_ids']) && isRecord(t['output_type']),
        `"${at}" lacks "task_ids" or "output_type"`,
      );
      const { task_ids: ids, output_type: types } = t as { task_ids: object; output_type: object };
      for (const [id, v] of Object.entries(ids)) set(v, `${at}.task_ids.${id}`);
      for (const [type, v] of Object.entries(types)) {
        need(isRecord(v), `"${at}.output_type.${type}" is not an object`);
        if (v.output_type_id) set(v.output_type_id, `${at}.output_type.${type}.output_type_id`);
      }
    }
  }
  return json as unknown as HubTasks;
}

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === 'object' && x !== null && !Array.isArray(x);

export const modelTasks = ({ rounds }: HubTasks): ModelTask[] => rounds.flatMap(r => r.model_tasks ?? []);

/** Values that a task allows, as text; none = any. */
export const allowed = (set: ValueSet | undefined) => [...(set?.required ?? []), ...(set?.optional ?? [])].map(String);

/** Places that the hub asks for under a target's name; undefined when its rules name none. */
export function askedPlaces(tasks: HubTasks, target: string): ReadonlySet<string> | undefined {
  const places = modelTasks(tasks)
    .filter(m => allowed(m.task_ids['target']).includes(target))
    .flatMap(m => allowed(m.task_ids['location']));
  return places.length > 0 ? new Set(places) : undefined;
}

/**
 * First round that still takes submissions on `today` (ISO day), by the rounds' own dates and due days; undefined when none of those
 * listed does. The round's date is the value of the task that names the round, as hubs that go by date have it.
 */
export function nextRound(tasks: HubTasks, today: string): string | undefined {
  const dates = tasks.rounds.flatMap(r => {
    const variable = r.round_id_from_variable ? r.round_id : undefined;
    if (variable === undefined) return [];
    const last = r.submissions_due?.relative_to === undefined ? 0 : (r.submissions_due.end ?? 0);
    if (typeof last !== 'number') return [];
    return (r.model_tasks ?? [])
      .flatMap(m => allowed(m.task_ids[variable]))
      .filter(date => /^\d{4}-\d\d-\d\d$/.test(date) && dayOf(date) + last >= dayOf(today));
  });
  return dates.sort()[0];
}
