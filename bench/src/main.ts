// npm run bench -- [name …] [--json]: prints each figure beside a peer's where one is installed.
import { parseArgs } from 'node:util';
import type { Figure } from './figure.ts';
import { suites } from './registry.ts';

const { values, positionals } = asked();
const all: (Figure & { suite: string; ratio: number | undefined })[] = [];
for (const [suite, load] of Object.entries(suites)) {
  if (positionals.length > 0 && !positionals.includes(suite)) continue;
  for await (const f of (await load())()) {
    const other = f.against?.value;
    const ratio = other === undefined ? undefined : f.smallerIsBetter ? other / f.ours : f.ours / other;
    all.push({ ...f, suite, ratio });
    if (!values.json) console.log(line(suite, f, ratio));
  }
}
if (values.json) console.log(JSON.stringify({ figures: all }));

function line(suite: string, f: Figure, ratio: number | undefined): string {
  const ours = `${suite}: ${f.name}: ${round(f.ours)} ${f.unit}`;
  if (!f.against) return ours;
  const note = f.against.note ? ` (${f.against.note})` : '';
  if (ratio === undefined) return `${ours}; ${f.against.name}: not measured${note}`;
  return `${ours}; ${f.against.name}: ${round(f.against.value ?? 0)} ${f.unit}${note}; ${round(ratio)} times as good`;
}

function round(x: number): string {
  return x >= 1000 ? x.toFixed(0) : x.toPrecision(3);
}

function asked() {
  const known = Object.keys(suites).join(', ');
  try {
    const words = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    const unknown = words.positionals.find(p => !(p in suites));
    if (unknown !== undefined) throw new Error(`no suite "${unknown}"; there are: ${known}`);
    if (!words.values.help) return words;
    console.log(`npm run bench -- [name …] [--json]\n\nSuites: ${known}`);
    process.exit(0);
  } catch (e) {
    console.error(`bench: ${(e as Error).message}`);
    process.exit(2);
  }
}
