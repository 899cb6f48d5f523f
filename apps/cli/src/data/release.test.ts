import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { parseCsv } from '@madang/numerics/csv';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { parseArguments } from '../arguments.ts';
import { CommandError, type Io } from '../command.ts';
import { release } from './release.ts';

const folder = tempFolder('release-');
const io: Io = { json: true, log: () => undefined, progress: () => ({ tick: () => undefined, done: () => undefined }) };
const out = join(folder, 'out.csv');
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const run = (...words: string[]) => {
  const { args, options } = parseArguments(release, [...words, '--out', out]);
  return release.run(args, options, io);
};

/** A long-form CSV over some of the axes a, b, c of counts with two or three categories each. */
function tableOf(axes: readonly number[], shape: readonly number[], values: readonly number[]): string {
  const sums = new Map<string, number>();
  for (const [i, v] of values.entries()) {
    const key = axes.map(k => `${'abc'[k]}${level(shape, i, k)}`).join();
    sums.set(key, (sums.get(key) ?? 0) + v);
  }
  return `${axes.map(k => 'abc'[k]).join()},count\n${[...sums].map(([k, v]) => `${k},${v}\n`).join('')}`;
}

function level(shape: readonly number[], cell: number, axis: number): number {
  const stride = shape.slice(axis + 1).reduce((n, s) => n * s, 1);
  return Math.floor(cell / stride) % shape[axis];
}

/**
 * The attacker: reads the published file and nothing else, tries every array of whole numbers up to `most` a cell that agrees with what is shown (within
 * `slack`, where counts are rounded), and notes the range of every hidden count.
 */
function attack(text: string, shape: readonly number[], slack: number, most: number) {
  const published = parseCsv(text);
  const names = ['a', 'b', 'c'].slice(0, shape.length);
  const size = shape.reduce((n, s) => n * s, 1);
  const rows = Array.from({ length: published.length }, (_, row) => {
    const at = names.map(n => (published.has(n) ? published.text(n)[row] : 'total'));
    const cells = Array.from({ length: size }, (_v, i) => i).filter(i =>
      at.every((a, k) => a === 'total' || a === `${names[k]}${level(shape, i, k)}`),
    );
    const shown = published.text('status')[row] === 'shown';
    const value = published.text('count')[row];
    assert.equal(value === '', !shown, 'an empty count is a hidden one');
    return { at, cells, value: shown ? Number(value) : undefined, low: Number.POSITIVE_INFINITY, high: -1 };
  });
  const sums = rows.filter(r => r.value !== undefined);
  const touched = Array.from({ length: size }, (_, i) => sums.flatMap((s, j) => (s.cells.includes(i) ? [j] : [])));
  const sofar = sums.map(() => 0);
  const open = sums.map(s => s.cells.length);
  const trial = new Array<number>(size).fill(0);
  const search = (i: number): void => {
    if (i === size) {
      for (const r of rows) {
        if (r.value !== undefined) continue;
        const v = r.cells.reduce((n, c) => n + trial[c], 0);
        r.low = Math.min(r.low, v);
        r.high = Math.max(r.high, v);
      }
      return;
    }
    for (const j of touched[i]) open[j] -= 1;
    for (let v = 0; v <= most; v++) {
      trial[i] = v;
      for (const j of touched[i]) sofar[j] += v;
      const fits = (j: number) =>
        sofar[j] <= sums[j].value! + slack && (open[j] > 0 || sofar[j] >= sums[j].value! - slack);
      if (touched[i].every(fits)) search(i + 1);
      for (const j of touched[i]) sofar[j] -= v;
    }
    for (const j of touched[i]) open[j] += 1;
  };
  search(0);
  return rows.filter(r => r.value === undefined);
}

test('an attacker with the published file cannot narrow a small count: one table, three axes, files that hang together', async () => {
  let attacked = 0;
  const releases: [shape: number[], files: number[][]][] = [
    [[5], [[0]]],
    [[2, 3], [[0, 1]]],
    [[2, 2, 2], [[0, 1, 2]]],
    [
      [2, 2, 2],
      [
        [0, 1],
        [1, 2],
      ],
    ],
  ];
  for (const [shape, axes] of releases)
    for (let seed = 0; seed < 16; seed++) {
      const r = random(`${shape}/${axes}/${seed}`);
      const values = Array.from({ length: shape.reduce((n, s) => n * s, 1) }, () => r.below(7));
      const paths = axes.map((a, i) => file(`t${i}.csv`, tableOf(a, shape, values)));
      const outcome = await run(...paths, '--threshold', '3', '--round', seed % 4 === 3 ? '3' : '1');
      if (outcome!.exit === 1) continue;
      const hidden = attack(readFileSync(out, 'utf8'), shape, seed % 4 === 3 ? 1 : 0, 9);
      for (const h of hidden) {
        const truth = h.cells.reduce((n, c) => n + values[c], 0);
        assert.ok(h.low <= truth && truth <= h.high);
        if (truth > 0 && truth < 3) {
          assert.ok(h.high - h.low >= 3, `${h.at} of ${axes.join(' ')}, seed ${seed}: ${h.low} to ${h.high}`);
          attacked += 1;
        }
      }
      // No small count is shown: read from the file against the truth.
      const { small } = (outcome!.json as { owner: { small: number } }).owner;
      assert.equal(hidden.filter(h => [1, 2].includes(h.cells.reduce((n, c) => n + values[c], 0))).length, small);
    }
  assert.ok(attacked > 60, `${attacked} small counts attacked`);
});

const CASES = 'region,sex,count\nN,f,3\nN,m,40\nS,f,12\nS,m,80\n';

test('the file states the rule and the rounding, and neither the digest of the input nor which counts are small', async () => {
  const outcome = await run(file('cases.csv', CASES), '--round', '5');
  const text = readFileSync(out, 'utf8');
  const table = parseCsv(text);
  assert.deepEqual(table.columns, ['region', 'sex', 'count', 'status', 'provenance']);
  assert.equal(table.length, 9);
  assert.match(table.text('provenance')[0], /Counts below 10 .* 4 of 9 in all\. Counts are rounded to the nearest 5/);
  assert.deepEqual([...new Set(table.text('status'))], ['hidden', 'shown']);
  assert.doesNotMatch(text, /sha256|small|primary|complementary/);
  const { owner, rule } = outcome!.json as {
    owner: { small: number; proof: string; intervals: object[] };
    rule: object;
  };
  assert.deepEqual([owner.small, owner.proof, owner.intervals.length], [1, 'exact', 4]);
  assert.deepEqual(owner.intervals[0], { cell: { region: 'N', sex: 'f' }, low: 0, high: 15 });
  assert.deepEqual(rule, { threshold: 10, width: 10, zeros: false, round: 5, rounding: 'nearest' });
});

const histogram = {
  kind: 'statistics',
  contributors: ['alpha', 'beta', 'gamma'],
  noise: [{ unit: 'person', variance: 4, aggregators: 2 }],
  decoded: { edges: [18, 65], counts: [-2, 44, 5], standardError: 2.8 },
};

test("a study's histogram for one reader is a table of its bins", async () => {
  await run(file('answers.json', JSON.stringify({ results: [histogram], declines: [] })));
  const table = parseCsv(readFileSync(out, 'utf8'));
  assert.deepEqual(table.text('bin'), ['below 18', '18 to below 65', '65 or more', 'total']);
  assert.deepEqual(table.text('count')[3], '49');
  assert.equal(table.text('status')[2], 'hidden');
  assert.match(table.text('provenance')[0], /3 contributors; the counts carry noise, and those below 0 are taken as 0/);
});

test('what cannot be protected is refused and nothing is written', async () => {
  rmSync(out, { force: true });
  const outcome = await run(file('few.csv', 'sex,count\nf,1\nm,2\n'));
  assert.equal(outcome!.exit, 1);
  assert.match(outcome!.text, /Refused: .*all 3 must be hidden/);
  assert.equal(existsSync(out), false);
});

test('wrong input and use are named, by row and column', async () => {
  const fails = async (words: string[], message: RegExp, exit = 2) =>
    assert.rejects(run(...words), (error: unknown) => {
      assert.ok(error instanceof CommandError && error.exit === exit, String(error));
      assert.match(error.message, message);
      return true;
    });
  const bad = (text: string, message: RegExp) => fails([file('bad.csv', text)], message);
  await bad('sex,count\nf,3\nm,-1\n', /bad\.csv, row 3, column "count": "-1" is not a count/);
  await bad('sex,count\nf,2.5\n', /row 2, column "count": "2\.5"/);
  await bad('sex,count\n,3\n', /row 2, column "sex": empty/);
  await bad('sex,count\nf,3\nm,4\nTotal,7\n', /row 4, column "sex": "Total" looks like a total/);
  await bad(
    'sex,age,count\nf,0,3\nm,0,4\nboth,0,7\nf,1,2\nm,1,9\nboth,1,11\nf,2,1\nm,2,1\nboth,2,2\n',
    /"both" is the sum/,
  );
  await bad('sex,count\nf,3\nf,4\n', /row 3: the same combination as row 2 \(sex f\)/);
  await bad('sex,count\nf\n', /row 2: 1 values/);
  await bad('sex,n\nf,3\n', /no column "count"; there are: sex, n/);
  await bad('sex,sex,count\nf,f,3\n', /two columns are called "sex"/);
  await bad('count\n3\n', /no column of categories/);
  await bad('sex,count\n', /no rows/);
  await bad('{"results":[]}', /it holds 0 results/);
  await bad('{"kind":"gbdt","decoded":{}}', /only a histogram/);
  await fails(
    [file('two.json', JSON.stringify({ ...histogram, contributors: ['alpha', 'beta'] }))],
    /2 contributors count/,
    1,
  );
  const ok = file('ok.csv', CASES);
  await fails([join(folder, 'none.csv')], /none\.csv.*give a CSV file/);
  await fails(
    [ok, file('other.csv', 'sex,age,count\nf,0,15\nm,0,121\n')],
    /ok\.csv and other\.csv disagree on sex m: 120 and 121/,
  );
  await fails([ok, '--threshold', '1'], /--threshold: "1"/);
  await fails([ok, '--width', '0'], /--width: "0"/);
  await fails([ok, '--round', '2.5'], /--round: "2\.5"/);
  await fails([ok, '--rounding', 'up'], /neither nearest nor random/);
  await fails([ok, '--by', 'region,age'], /no column "age"; there are: region, sex/);
  await fails([ok, ok, '--by', 'region'], /--by: it makes tables of one file/);
  await assert.rejects(
    release.run([[ok]], { ...parseArguments(release, [ok]).options, out: ok }, io),
    /would be overwritten/,
  );
});
