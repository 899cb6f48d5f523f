// What a log's compute statements add up to, organisation by organisation.
import type { Account, State } from '@madang/charter';

export interface AccountLine extends Account {
  readonly backend: string;
  /** Who used it. */
  readonly org: string;
  readonly provider: string;
  readonly unit: string;
  /** Milliseconds that may still be asked for. */
  readonly left: number;
}

/** By backend, then by organisation. */
export function accounts(state: Pick<State, 'backends'>): AccountLine[] {
  return Object.entries(state.backends ?? {}).flatMap(([backend, b]) =>
    Object.entries(b.accounts).map(([org, a]) => ({
      backend,
      org,
      provider: b.org,
      unit: b.unit,
      ...a,
      left: Math.max(0, b.quota - a.milliseconds - a.reserved),
    })),
  );
}
