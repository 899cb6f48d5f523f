// Run by plans.ts in a process of its own (with --expose-gc): prints by how many MB building the program of a folder raises the memory, at most, and that most itself.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPlan, readFolder } from '@madang/energy';

const at = process.argv[2];
const names = readdirSync(at).filter(n => n.endsWith('.csv'));
const network = readFolder(new Map(names.map(n => [n, readFileSync(join(at, n), 'utf8')])));
globalThis.gc?.();
const whole = status('VmHWM');
// The peak that loading modules and reading left is forgotten (proc(5), clear_refs), or building would hide below it.
writeFileSync('/proc/self/clear_refs', '5');
const before = status('VmRSS');
const { model } = buildPlan(network);
const peak = status('VmHWM');
console.log(JSON.stringify({ growth: peak - before, peak: Math.max(whole, peak), rows: model.rows }));

/** MB. */
function status(name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1000;
}
