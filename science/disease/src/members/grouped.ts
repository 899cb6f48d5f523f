// A member trained on each group's rows alone (a country's places), beside one that all groups share: what differs between countries is how
// their cases are counted and which months are theirs, and an average of the two knows both. A group with few rows has none.
import { type Design, selectRows } from '../panel/design.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';

/** Rows that a group needs: four steps of ten places over four years of months. */
const LEAST_ROWS = 2000;

/** Trains `member` for each group of the panel apart; a panel of one group is that group, however small. */
export function groupedMember(member: Member): Member {
  const groupOf = (d: Design, row: number) => d.panel.places[d.place[row]].target;
  const groupsOf = (d: Design) =>
    Map.groupBy(
      Array.from({ length: d.rows }, (_, i) => i),
      i => groupOf(d, i),
    );
  return {
    name: `${member.name} by group`,
    train(design, seed): Trained {
      const models = new Map<string, Trained>();
      const groups = groupsOf(design);
      for (const [group, rows] of groups)
        if (rows.length >= LEAST_ROWS || groups.size === 1)
          models.set(
            group,
            member.train(
              selectRows(design, i => groupOf(design, i) === group),
              `${seed}/${group}`,
            ),
          );
      return {
        quantiles(d) {
          const out = new Float32Array(d.rows * QUANTILES).fill(Number.NaN);
          for (const [group, rows] of groupsOf(d)) {
            const q = models.get(group)?.quantiles(selectRows(d, i => groupOf(d, i) === group));
            if (q)
              for (const [k, i] of rows.entries())
                out.set(q.subarray(k * QUANTILES, (k + 1) * QUANTILES), i * QUANTILES);
          }
          return out;
        },
      };
    },
  };
}
