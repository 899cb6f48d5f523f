// Who may import whom (ARCHITECTURE.md has the table): lists every breach by file and line, and names that science, charter and other pure packages may not use.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');

interface Rule {
  /** Packages of ours that may be imported. */
  readonly ours: readonly string[];
  /** Packages of others; `node:` modules only where the list has `node`. */
  readonly others: readonly string[];
  /** True for packages that must run anywhere and give the same answer: no clock, no chance, no network, no process. */
  readonly pure: boolean;
}

const noble = ['@noble/ciphers', '@noble/curves', '@noble/hashes', '@noble/post-quantum'];
const sciences = ['disease', 'weather', 'climate', 'energy', 'carbon', 'quantum'];
const science: Rule = { ours: ['numerics'], others: [], pure: true };

const rules: Readonly<Record<string, Rule>> = {
  'science/numerics': { ours: [], others: [], pure: true },
  ...Object.fromEntries(sciences.map(s => [`science/${s}`, science])),
  'packages/trust': { ours: [], others: noble, pure: false },
  'packages/privacy': { ours: ['numerics'], others: ['@noble/hashes'], pure: true },
  'packages/charter': { ours: ['trust'], others: [], pure: true },
  'packages/study': {
    ours: ['trust', 'charter', 'privacy', 'numerics', 'disease', 'weather', 'energy'],
    others: [],
    pure: true,
  },
  'packages/compute': { ours: ['trust', 'charter'], others: [], pure: true },
  'packages/api': { ours: ['trust'], others: ['zod'], pure: true },
  'apps/web': {
    ours: ['api', 'trust', 'charter', 'study', 'numerics', ...sciences],
    others: ['esbuild', 'node'],
    pure: false,
  },
  'apps/hub': {
    ours: ['trust', 'charter', 'api', 'study', 'compute', 'privacy', 'web', 'numerics', ...sciences],
    others: ['@electric-sql/pglite', '@hono/node-server', '@hono/zod-openapi', 'hono', 'kysely', 'pg', 'zod', 'node'],
    pure: false,
  },
  'apps/node': {
    ours: ['trust', 'charter', 'api', 'study', 'compute', 'privacy', 'numerics', ...sciences],
    others: ['@duckdb/node-api', 'node'],
    pure: false,
  },
  // The command line prepares folders through the `setup` face of hub and node and starts them as processes; it never runs them inside itself.
  'apps/cli': {
    ours: [
      'trust',
      'charter',
      'api',
      'study',
      'compute',
      'privacy',
      'numerics',
      ...sciences,
      'hub/setup',
      'node/setup',
    ],
    others: ['highs', 'node'],
    pure: false,
  },
};

/** Files of a package that only Node loads, through a subpath or condition of their own. */
const nodeOnly = [
  /^packages\/trust\/src\/(store\/folder|store\/lock|keyfile\/|crypto\/node|primitives\/native|vectors)/,
];
const banned = /\b(Date\.now|new Date\b|Math\.random|(?<!\.)fetch\(|process\.|performance\.now)/;
const breaches: string[] = [];

for (const file of globSync('{apps,packages,science}/*/src/**/*.ts', {
  cwd: root,
  exclude: p => p.includes('node_modules'),
})) {
  const home = file.split('/').slice(0, 2).join('/');
  const rule = rules[home];
  if (!rule) {
    breaches.push(`${file}: ${home} has no rule; add it to scripts/imports.ts and ARCHITECTURE.md`);
    continue;
  }
  const test = file.endsWith('.test.ts') || file.includes('/testing/') || file.includes('/e2e/');
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  for (const [i, line] of lines.entries()) {
    const where = `${file}:${i + 1}`;
    const name =
      /(?:^|\s)(?:import|export)\b[^'"]*?\bfrom\s+'([^']+)'/.exec(line)?.[1] ??
      /^\s*}\s*from\s+'([^']+)'/.exec(line)?.[1] ??
      /^import\s+'([^']+)'/.exec(line)?.[1] ??
      /\bimport\('([^']+)'\)/.exec(line)?.[1];
    if (name !== undefined && !test) checkImport(file, home, rule, name, where);
    const code = line.replace(/\/\/.*$|^\s*\*.*$|'[^']*'|`[^`]*`/g, '');
    if (rule.pure && !test && banned.test(code))
      breaches.push(`${where}: ${banned.exec(code)?.[0]} may not be used here; take it as an argument`);
  }
}

function checkImport(file: string, home: string, rule: Rule, name: string, where: string): void {
  if (name.startsWith('.')) {
    const target = relative(root, resolve(root, dirname(file), name));
    if (!target.startsWith(`${home}/`))
      breaches.push(`${where}: reaches into ${target} by path; import the package by its name`);
  } else if (name.startsWith('#')) {
    if (home !== 'packages/trust') breaches.push(`${where}: ${name} is private to another package`);
  } else if (name.startsWith('@madang/')) {
    const path = name.slice('@madang/'.length);
    const [pkg] = path.split('/');
    if (pkg === home.split('/')[1]) return;
    if (!rule.ours.includes(pkg) && !rule.ours.includes(path))
      breaches.push(`${where}: ${home} may not import ${name}`);
  } else if (name.startsWith('node:')) {
    if (!rule.others.includes('node') && !nodeOnly.some(r => r.test(file)))
      breaches.push(`${where}: ${home} may not import ${name}`);
  } else {
    const pkg = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0];
    if (!rule.others.includes(pkg)) breaches.push(`${where}: ${home} may not import ${name}`);
  }
}

for (const b of breaches) console.log(b);
console.log(breaches.length === 0 ? 'every import follows the table' : `${breaches.length} breaches`);
process.exitCode = breaches.length === 0 ? 0 : 1;
