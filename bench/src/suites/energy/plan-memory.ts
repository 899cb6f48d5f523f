// Run by plans.ts in a process of its own: prints by how many MB building the program of a folder raises the peak of memory.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPlan, readFolder } from '@madang/energy';

const at = process.argv[2];
const names = readdirSync(at).filter(n => n.endsWith('.csv'));
const network = readFolder(new Map(names.map(n => [n, readFileSync(join(at, n), 'utf8')])));
const before = process.resourceUsage().maxRSS;
const { model } = buildPlan(network);
const after = process.resourceUsage().maxRSS;
console.log(JSON.stringify({ megabytes: (after - before) / 1000, rows: model.rows }));
