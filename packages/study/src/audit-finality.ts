// Whether a checkpoint is final, as an item of the audit.
import { judgeFinality, type Replay, type State } from '@madang/charter';
import { equalBytes, fromHex } from '@madang/trust';
import { type AuditItem, faultOf } from './audit-item.ts';

/** The final checkpoint is judged by the witness list in force at its own size: a change of list is itself cosigned under the list before. */
export function checkFinality(
  note: Uint8Array,
  state: State,
  size: number,
  whole: number,
  run: Replay,
): { item: AuditItem; good: number } {
  const what = 'witnesses';
  try {
    const verdict = judgeFinality(state, note);
    const root = run.past.rootAt(size);
    if (root === undefined || !equalBytes(verdict.root, fromHex(root)))
      return {
        item: { what, outcome: 'wrong', detail: `witnesses cosigned another history at size ${size}` },
        good: 0,
      };
    if (verdict.faults.length > 0) {
      const { id, why } = verdict.faults[0];
      return { item: { what, outcome: 'wrong', detail: `${id}: ${why}` }, good: verdict.good.length };
    }
    if (!verdict.final || size < whole) {
      const detail = verdict.final
        ? `entries ${size} to ${whole - 1} are not final yet`
        : `${verdict.good.length} of ${verdict.needed} needed witnesses cosigned size ${size}`;
      return { item: { what, outcome: 'not-checked', detail }, good: verdict.good.length };
    }
    const detail = `${verdict.good.length} cosigned size ${size} with both keys; ${verdict.needed} are needed`;
    return { item: { what, outcome: 'checked', detail }, good: verdict.good.length };
  } catch (error) {
    return { item: { what, outcome: 'wrong', detail: faultOf(error) }, good: 0 };
  }
}
