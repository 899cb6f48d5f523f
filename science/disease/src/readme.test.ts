import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { civilDay, dayInWeek, weekOf } from './calendar.ts';
import type { LogRow } from './change-log.ts';

/** The README's lines, run as they stand on made-up rows. */
test('the ten lines of the README run', async () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const names =
    /import \{ ([^}]*) \}/
      .exec(code)?.[1]
      .split(',')
      .map(s => s.trim()) ?? [];
  const disease: Record<string, unknown> = await import('./index.ts');
  for (const n of names) assert.ok(n in disease, `${n} is not exported`);
  const last = weekOf(civilDay(2024, 12, 8));
  const rows: LogRow[] = ['A', 'B', 'C', 'D', 'E'].flatMap(location => {
    const r = random(location);
    return Array.from({ length: 120 }, (_, i) => {
      const value = 50 * Math.exp(Math.cos((2 * Math.PI * i) / 52) + 0.2 * r.normal());
      return { target: 'ILI', location, period: last - i, knownFrom: dayInWeek(last - i, 7) + 5, value };
    });
  });
  const lines: string[] = [];
  const body = code.replace(/^import .*$/m, '');
  const run = new Function('rows', 'day', 'firstDay', 'lastDay', 'console', ...names, body);
  const [first, end] = [civilDay(2022, 9, 1), civilDay(2024, 12, 13)];
  const console = { log: (...x: unknown[]) => lines.push(x.map(String).join(' ')) };
  run(rows, end, first, end, console, ...names.map(n => disease[n]));
  assert.equal(lines.length, 8 * 5 * 4);
});
