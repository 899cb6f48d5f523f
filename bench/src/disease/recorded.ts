// Every member's own forecasts of a season, kept on disk block by block, so that weights can be tried without training again.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { candidateMembers, type Member, type RawForecast, replayBlock } from '@madang/disease';
import type { SeasonSet } from './sets.ts';

export interface RecordedRow {
  /** The forecast of the members' plain mean; its increments are replaced by those of other weights. */
  readonly raw: RawForecast;
  readonly established: boolean;
  /** Spread of the revisions still expected of the last value. */
  readonly baseSd: number;
  /** 23 quantiles of each member, in the order recorded; NaN where it has none. */
  readonly members: readonly Float32Array[];
}

/** Records what is not yet in `folder`; members go by their names. `tick` is called after each block that had to be trained. */
export function recorded(
  set: SeasonSet,
  folder: string,
  tick: (block: string) => void,
  members: readonly Member[] = candidateMembers(),
): RecordedRow[] {
  mkdirSync(folder, { recursive: true });
  const out: RecordedRow[] = [];
  for (let k = 0; k < set.rounds.length; k += set.block) {
    const key = createHash('sha256')
      .update(JSON.stringify([set.name, k, set.block, members.map(m => m.name)]))
      .digest('hex');
    const path = join(folder, `${key.slice(0, 24)}.bin`);
    let rows: RecordedRow[];
    if (existsSync(path)) rows = deserialize(readFileSync(path));
    else {
      rows = record(set, set.rounds.slice(k, k + set.block), members);
      writeFileSync(`${path}.new`, serialize(rows));
      renameSync(`${path}.new`, path);
      tick(`${set.name}, deadlines ${k + 1} to ${Math.min(k + set.block, set.rounds.length)}`);
    }
    for (const r of rows) out.push(r);
  }
  return out;
}

function record(set: SeasonSet, rounds: readonly number[], asked: readonly Member[]): RecordedRow[] {
  const heard = asked.map((): Float32Array[] => []);
  const baseSd: number[] = [];
  const established: boolean[] = [];
  const listening = asked.map(
    (m, k): Member => ({
      name: m.name,
      train(design, seed) {
        const trained = m.train(design, seed);
        return {
          quantiles(d) {
            const q = trained.quantiles(d);
            for (let i = 0; i < d.rows; i++) heard[k].push(q.slice(i * 23, i * 23 + 23));
            return q;
          },
        };
      },
    }),
  );
  // Asked for established places only, this one says which rows are of them.
  const judge: Member = {
    name: 'judge',
    weight: { established: 1e-9, newcomer: 0 },
    train: () => ({
      quantiles(d) {
        for (let i = 0; i < d.rows; i++) names.add(nameOf(d.panel.places[d.place[i]]));
        return new Float32Array(d.rows * 23).fill(Number.NaN);
      },
    }),
  };
  const names = new Set<string>();
  // The first member is asked for every row after the judge was, which the order of the members decides.
  const clerk: Member = {
    name: 'clerk',
    train: () => ({
      quantiles(d) {
        for (let i = 0; i < d.rows; i++) {
          const place = d.panel.places[d.place[i]];
          baseSd.push(place.baseSd);
          established.push(names.has(nameOf(place)));
        }
        names.clear();
        return new Float32Array(d.rows * 23).fill(Number.NaN);
      },
    }),
  };
  const members = [judge, clerk, ...listening];
  const { hub, target, logs } = set;
  const raw = replayBlock({ hub, target, logs, members, seed: '1' }, rounds).filter(f => f.ceiling > 0);
  if (raw.length !== baseSd.length)
    throw new Error(`${set.name}: ${raw.length} forecasts, ${baseSd.length} rows heard`);
  return raw.map((f, i) => ({
    raw: f,
    established: established[i],
    baseSd: baseSd[i],
    members: heard.map(h => h[i]),
  }));
}

const nameOf = (p: { readonly target: string; readonly location: string }) => `${p.target}\t${p.location}`;
