// The browser's files as apps/web/build.ts left them in its dist/: named by their content, so they never change under their name. Read once on start.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Assets, StandaloneParts } from '@madang/web';

export interface BuiltFile {
  readonly type: string;
  readonly plain: Uint8Array;
  readonly br: Uint8Array;
  readonly gzip: Uint8Array;
}

export interface BuiltAssets {
  readonly assets: Assets;
  /** By name under /assets/. */
  readonly files: ReadonlyMap<string, BuiltFile>;
  /** Script and style of a page that is saved to disk, with the digests that its policy names. */
  readonly standalone?: Pick<StandaloneParts, 'script' | 'style' | 'scriptSha256' | 'styleSha256'>;
}

interface Manifest {
  readonly entries: Readonly<Record<string, { readonly file: string; readonly type: string; readonly sha256: string }>>;
}

/** Nothing when the browser's part has not been built: pages then work without script and say how to build it. */
export function builtAssets(folder = new URL('../dist/', import.meta.resolve('@madang/web'))): BuiltAssets {
  const read = (name: string) => new Uint8Array(readFileSync(fileURLToPath(new URL(name, folder))));
  let manifest: Manifest;
  try {
    manifest = JSON.parse(new TextDecoder().decode(read('manifest.json'))) as Manifest;
  } catch {
    return { assets: {}, files: new Map() };
  }
  const files = new Map<string, BuiltFile>();
  for (const { file, type } of Object.values(manifest.entries))
    files.set(file, { type, plain: read(file), br: read(`${file}.br`), gzip: read(`${file}.gz`) });
  const text = (name: string) => new TextDecoder().decode(files.get(manifest.entries[name].file)!.plain);
  const sha256 = (t: string) => createHash('sha256').update(t).digest('base64');
  // What would end a script element inside one is written another way.
  const script = text('standalone').replace(/<(\/script|!--)/gi, '\\x3c$1');
  const style = text('style');
  const address = (name: string) => {
    const entry = manifest.entries[name];
    return entry && `/assets/${entry.file}`;
  };
  const named = {
    style: address('style'),
    page: address('page'),
    verifier: address('verifier'),
    climate: address('climate'),
    climateWorker: address('climateWorker'),
    energy: address('energy'),
    energyWorker: address('energyWorker'),
    carbon: address('carbon'),
    carbonWorker: address('carbonWorker'),
    register: address('register'),
    weather: address('weather'),
    weatherWorker: address('weatherWorker'),
    icon: address('icon'),
    verifierDigest: manifest.entries['verifier']?.sha256,
  };
  return {
    assets: Object.fromEntries(Object.entries(named).filter(([, v]) => v !== undefined)),
    files,
    standalone: { script, style, scriptSha256: sha256(script), styleSha256: sha256(style) },
  };
}
