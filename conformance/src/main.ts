// npm run conformance -- --vectors DIR | science [--data DIR]
// Vectors: one line a suite, last `N passed, N failed, N unsupported, N unreadable`; exit 0 only if the last three are 0.
// Science: one line a reference: cases, largest error, tolerance.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { later, science, suites } from './registry.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { vectors: { type: 'string' }, data: { type: 'string' } },
});

process.exitCode = positionals[0] === 'science' ? await runScience(positionals.slice(1)) : await runVectors();

async function runVectors(): Promise<number> {
  const root = resolve(values.vectors ?? '../shared/data/vectors');
  if (!existsSync(root)) {
    console.error(`conformance: no folder ${root}; give one with --vectors DIR`);
    return 2;
  }
  const total = { passed: 0, failed: 0, unsupported: 0, unreadable: 0 };
  for (const entry of readdirSync(root, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory()) continue;
    const load = suites[entry.name];
    if (!load) {
      const subject = later[entry.name];
      console.log(`${entry.name}: not counted, ${subject ? `later work (${subject})` : 'unknown to this version'}`);
      continue;
    }
    const suite = await load();
    const result = await suite(join(root, entry.name));
    console.log(
      `${entry.name}: ${result.passed} passed, ${result.failed.length} failed, ${result.unsupported.length} unsupported, ${result.unreadable.length} unreadable`,
    );
    for (const kind of ['failed', 'unsupported', 'unreadable'] as const) {
      for (const name of result[kind].slice(0, 20)) console.log(`  ${kind}: ${name}`);
      total[kind] += result[kind].length;
    }
    total.passed += result.passed;
  }
  console.log(
    `${total.passed} passed, ${total.failed} failed, ${total.unsupported} unsupported, ${total.unreadable} unreadable`,
  );
  return total.failed + total.unsupported + total.unreadable === 0 ? 0 : 1;
}

async function runScience(names: readonly string[]): Promise<number> {
  const unknown = names.find(name => !(name in science));
  if (unknown !== undefined) {
    console.error(`conformance: no references for "${unknown}"; there are ${Object.keys(science).join(', ')}`);
    return 2;
  }
  const data = resolve(values.data ?? '../shared/data');
  let passed = 0;
  let failed = 0;
  for (const [name, load] of Object.entries(science)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const suite = await load();
    const references = await suite(data).catch((error: unknown) => {
      failed += 1;
      console.log(`FAIL ${name}: ${error instanceof Error ? error.message : error}`);
      return [];
    });
    for (const r of references) {
      // A reference whose file holds nothing to compare is none.
      const ok = r.cases > 0 && r.largestError <= r.tolerance;
      if (ok) passed += 1;
      else failed += 1;
      console.log(
        `${ok ? 'ok  ' : 'FAIL'} ${name}: ${r.name}: ${r.cases} cases, largest error ${r.largestError.toExponential(2)} ${r.unit}, tolerance ${r.tolerance.toExponential()}`,
      );
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
