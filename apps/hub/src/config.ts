// What a hub is started with: a folder with config.json and keys/, the environment for the rest. Parsed once, checked here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  origin: z.string().min(1),
  operator: z.string(),
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65_535).default(8080),
});

export type HubConfig = z.infer<typeof schema>;

/** Throws with the member at fault named. */
export function readConfig(home: string): HubConfig {
  const path = join(home, 'config.json');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${(cause as Error).message}. "madang hub init" writes one`, { cause });
  }
  const result = schema.safeParse(value);
  if (!result.success)
    throw new Error(`${path}: ${result.error.issues[0].path.join('.')}: ${result.error.issues[0].message}`);
  return result.data;
}
