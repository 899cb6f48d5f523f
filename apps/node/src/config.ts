// What a member's node is started with: HOME/config.json (checked here), HOME/keys/, HOME/data/. The steward owns this file; nothing remote changes it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '@madang/study';
import { utf8 } from '@madang/trust';

/** What a steward approves in advance. A study inside these bounds needs no person; the node's approval names the digest of this object. */
export interface StandingPolicy {
  readonly kinds: readonly string[];
  readonly purposes: readonly string[];
  /** Least number of contributors a study must ask for. */
  readonly minimumContributors: number;
  readonly maximumRounds: number;
  /** Largest privacy loss a round may cost, in micro-rho, for each dataset and unit. */
  readonly maximumMicroRhoPerRound: number;
}

export interface DatasetConfig {
  /** Random handle, as in the log. */
  readonly handle: string;
  /** Files under HOME/data that studies may name. */
  readonly files: Readonly<Record<string, string>>;
  /** Views for the `statistics` kind: name -> SQL over the files, written by the steward. */
  readonly views: Readonly<Record<string, string>>;
  readonly description: string;
  readonly ledgers: readonly { readonly unit: string; readonly period: string; readonly capMicroRho: number }[];
}

/** A backend that this member offers to the others. */
export interface BackendConfig {
  /** Its handle in the log. */
  readonly handle: string;
  /** The simulator of this program, or a device over HTTP (bearer token in the environment variable named). */
  readonly device:
    | { readonly type: 'simulator'; readonly qubits: number }
    | { readonly type: 'rest'; readonly url: string; readonly tokenVariable?: string };
  /** Of one job. */
  readonly maximum: { readonly milliseconds: number; readonly shots: number };
  /** What each organisation may use in all. */
  readonly quotaMilliseconds: number;
}

export interface NodeConfig {
  readonly org: string;
  readonly hub: string;
  readonly origin: string;
  readonly datasets: readonly DatasetConfig[];
  readonly standingPolicy?: StandingPolicy;
  /** Invitations whose candidates all have these root key ids are admitted without asking: the officers agreed on them elsewhere. */
  readonly admits: Readonly<Record<string, string>>;
  /** Set at the one member that invites and renews the root during a founding. */
  readonly convenes?: {
    readonly candidates: readonly {
      org: string;
      name: string;
      seat: 'organisation' | 'bank';
      home: string;
      roles: readonly string[];
      root: string;
    }[];
  };
  /** How long an aggregator waits for contributions after the first reason to (seconds). */
  readonly patienceSeconds: number;
  /** Absent at members that offer none. */
  readonly backends?: readonly BackendConfig[];
}

/** Throws naming the member at fault and what was expected. */
export function readNodeConfig(home: string): NodeConfig {
  const path = join(home, 'config.json');
  let c: Partial<NodeConfig>;
  try {
    c = JSON.parse(readFileSync(path, 'utf8')) as Partial<NodeConfig>;
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${(cause as Error).message}. "madang node init" writes one`, { cause });
  }
  const expect = (ok: boolean, member: string, what: string) => {
    if (!ok) throw new Error(`${path}: ${member} must be ${what}`);
  };
  expect(typeof c.org === 'string' && /^[a-z0-9][a-z0-9._:-]{0,63}$/.test(c.org), 'org', 'a handle (a-z, 0-9, ._:-)');
  expect(typeof c.hub === 'string' && /^https?:\/\//.test(c.hub), 'hub', 'a URL');
  expect(typeof c.origin === 'string' && c.origin !== '', 'origin', "the log's name");
  const whole = (n: unknown) => Number.isSafeInteger(n) && (n as number) > 0;
  expect(Array.isArray(c.datasets ?? []), 'datasets', 'a list');
  const datasets = (c.datasets ?? []).map((d: Partial<DatasetConfig>, i) => {
    const at = (member: string) => `datasets[${i}].${member}`;
    expect(typeof d.handle === 'string', at('handle'), 'a handle');
    expect(typeof d.description === 'string', at('description'), 'a text; the log has its salted digest alone');
    for (const [name, file] of Object.entries(d.files ?? {}))
      expect(
        typeof file === 'string' && !file.includes('..') && !file.startsWith('/'),
        at(`files.${name}`),
        'a path under data/',
      );
    for (const [name, view] of Object.entries(d.views ?? {}))
      expect(typeof view === 'string', at(`views.${name}`), 'SQL');
    const ledgers = d.ledgers ?? [];
    expect(
      Array.isArray(ledgers) &&
        ledgers.every(l => typeof l?.unit === 'string' && typeof l.period === 'string' && whole(l.capMicroRho)),
      at('ledgers'),
      'budgets: { "unit": "person", "period": "2026", "capMicroRho": 500000 }',
    );
    return { files: {}, views: {}, ...d, ledgers } as DatasetConfig;
  });
  const p = c.standingPolicy;
  if (p)
    expect(
      Array.isArray(p.kinds) && Array.isArray(p.purposes) && p.minimumContributors >= 3,
      'standingPolicy',
      'kinds, purposes and at least 3 contributors',
    );
  for (const [i, b] of (c.backends ?? []).entries()) {
    const at = (member: string) => `backends[${i}].${member}`;
    expect(typeof b.handle === 'string' && /^[a-z0-9][a-z0-9._:-]{0,63}$/.test(b.handle), at('handle'), 'a handle');
    expect(
      b.device?.type === 'rest'
        ? /^https?:\/\//.test(b.device.url)
        : b.device?.type === 'simulator' && whole(b.device.qubits) && b.device.qubits <= 26,
      at('device'),
      'a simulator with 1 to 26 qubits, or a REST device with its URL',
    );
    expect(
      whole(b.maximum?.milliseconds) && whole(b.maximum.shots),
      at('maximum'),
      'milliseconds and shots of one job',
    );
    expect(whole(b.quotaMilliseconds), at('quotaMilliseconds'), 'a number of milliseconds');
  }
  return { admits: {}, patienceSeconds: 20, ...c, datasets } as NodeConfig;
}

/** What an approval under the policy names. */
export function policyDigest(p: StandingPolicy): string {
  return digestOf(utf8(JSON.stringify(p, Object.keys(p).sort())));
}
