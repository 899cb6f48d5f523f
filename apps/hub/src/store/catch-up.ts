// Tables at a start: whatever they hold, afterwards they show the log.
import type { Replay, State } from '@madang/charter';
import { type Log, openStatement } from '@madang/trust';
import type { Database } from './database.ts';
import { clearProjections, type Projected, project, projected, projectedSize } from './projections.ts';
import { ROWS_A_TRANSACTION } from './projector.ts';

/** Compares the tables with the log and brings them up to it, or empties and rebuilds them. */
export async function catchUp(
  { db }: Database,
  log: Log,
  { state, past }: Replay,
  options: { readonly rebuild?: boolean; readonly log: (line: string) => void },
): Promise<void> {
  const from = options.rebuild ? 0 : await projectedSize(db, past);
  if (from === 0) await clearProjections(db);
  if (from === log.size) return;
  options.log(`tables: ${from === 0 ? 'rebuilding' : 'catching up'} from the log, ${log.size - from} entries`);
  let before: State | undefined;
  for (let start = from; start < log.size; start += ROWS_A_TRANSACTION) {
    const size = Math.min(log.size, start + ROWS_A_TRANSACTION);
    const rows: Projected[] = [];
    for (let index = start; index < size; index++)
      if (!state.inadmissible[index])
        rows.push(projected(index, openStatement(await log.entry(index)), past.timeAt(index + 1)));
    await project(db, { rows, before, after: state, size, root: past.rootAt(size)! });
    before = state;
  }
}
