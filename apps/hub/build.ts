// Keeps an empty database of the embedded engine in src/generated/database, made anew when PGlite is another one. docs/decisions/0199.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KEPT, openEmbedded } from './src/store/embedded.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.resolve('@electric-sql/pglite')), 'utf8'),
);
const made = `${KEPT}.version`;
const current = existsSync(KEPT) && existsSync(made) && readFileSync(made, 'utf8') === version;

if (!current) {
  const half = `${KEPT}.half`;
  for (const old of [KEPT, made, half]) rmSync(old, { recursive: true, force: true });
  mkdirSync(dirname(KEPT), { recursive: true });
  const database = await openEmbedded(half);
  await database.close();
  renameSync(half, KEPT);
  writeFileSync(made, version);
  console.log(`built apps/hub database: PGlite ${version}`);
}
