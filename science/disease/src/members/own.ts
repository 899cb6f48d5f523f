// A member trained at each place on that place's rows alone; the rows never leave it. Places with too few rows have no forecast of it
// (the stack then averages the others).
// The trap: places go by name; their indices shift when one vanishes from the table between two rounds.
import { placeName, selectRows } from '../panel/design.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';
import { periodsOf } from './units.ts';

/** Fewer base periods than this (about three seasons) and a place has no model or correction of its own. */
export const LEAST_PERIODS = 150;

/** Trains `member` for each place apart; places with fewer than `leastPeriods` base periods have none. */
export function ownMember(member: Member, leastPeriods: number = LEAST_PERIODS): Member {
  return {
    name: `own ${member.name}`,
    train(design, seed): Trained {
      const models = new Map<string, Trained>();
      for (const p of new Set(design.place)) {
        const rows = selectRows(design, i => design.place[i] === p);
        if (periodsOf(rows) >= leastPeriods) models.set(placeName(design, p), member.train(rows, `${seed}/${p}`));
      }
      return {
        quantiles(d) {
          const out = new Float32Array(d.rows * QUANTILES).fill(Number.NaN);
          for (const p of new Set(d.place)) {
            const model = models.get(placeName(d, p));
            if (!model) continue;
            const at: number[] = [];
            for (let i = 0; i < d.rows; i++) if (d.place[i] === p) at.push(i);
            const q = model.quantiles(selectRows(d, i => d.place[i] === p));
            for (const [k, i] of at.entries()) out.set(q.subarray(k * QUANTILES, (k + 1) * QUANTILES), i * QUANTILES);
          }
          return out;
        },
      };
    },
  };
}
