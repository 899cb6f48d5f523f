// Builds the browser's part into dist/: scripts, style sheet and icon, each named by its content, beside its Brotli and gzip forms, and a manifest that
// names them. Run by scripts/build.ts (`npm run prepare`). The same sources give the same bytes, so the verifier's digest can be compared between copies.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = import.meta.dirname;
const dist = join(here, 'dist');
const scripts = {
  page: 'browser/page.ts',
  verifier: 'browser/verify-worker.ts',
  standalone: 'browser/standalone.ts',
  climate: 'browser/climate.ts',
  climateWorker: 'browser/climate-worker.ts',
  energy: 'browser/energy.ts',
  energyWorker: 'browser/energy-worker.ts',
  carbon: 'browser/carbon.ts',
  carbonWorker: 'browser/carbon-worker.ts',
  register: 'browser/register.ts',
  weather: 'browser/weather.ts',
  weatherWorker: 'browser/weather-worker.ts',
};
const started = performance.now();

const { outputFiles } = await build({
  entryPoints: [
    ...Object.entries(scripts).map(([out, file]) => ({ in: join(here, 'src', file), out })),
    { in: join(here, 'src/style/index.css'), out: 'style' },
  ],
  absWorkingDir: here,
  outdir: dist,
  bundle: true,
  write: false,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome111', 'firefox115', 'safari16.4'],
  legalComments: 'none',
});

const made = outputFiles.map(f => ({ name: f.path.slice(dist.length + 1), bytes: f.contents }));
made.push({ name: 'icon.svg', bytes: new Uint8Array(readFileSync(join(here, 'src/icon.svg'))) });
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const entries: Record<string, { file: string; type: string; sha256: string }> = {};
for (const { name, bytes } of made) {
  const [stem, extension] = name.split('.');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = `${stem}-${sha256.slice(0, 12)}.${extension}`;
  const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  writeFileSync(join(dist, file), bytes);
  writeFileSync(join(dist, `${file}.br`), br);
  writeFileSync(join(dist, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  entries[stem] = { file, type: TYPES[extension], sha256 };
  console.log(`built apps/web ${file}: ${bytes.length} bytes, ${br.length} compressed`);
}
writeFileSync(join(dist, 'manifest.json'), `${JSON.stringify({ entries }, null, 1)}\n`);
console.log(`apps/web built in ${Math.round(performance.now() - started)} ms`);
