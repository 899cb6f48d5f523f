// The demo's members: nine organisations and five banks, named by their field. Homes are legal homes as country codes; two aggregators must differ in them.

export interface CastMember {
  readonly org: string;
  readonly name: string;
  readonly seat: 'organisation' | 'bank';
  readonly home: string;
  readonly founder?: true;
  readonly aggregator?: true;
  /** Runs jobs for the others. */
  readonly computes?: true;
  /** Proposes the pilot and invites the others. */
  readonly convener?: true;
}

/** In the order in which a smaller demo takes them: the first six are the least that a study needs. */
export const CAST: readonly CastMember[] = [
  { org: 'health', name: 'Health Organisation', seat: 'organisation', home: 'CH', founder: true, convener: true },
  {
    org: 'telecommunication',
    name: 'Telecommunication Organisation',
    seat: 'organisation',
    home: 'FR',
    founder: true,
    aggregator: true,
  },
  { org: 'bank-a', name: 'Bank A', seat: 'bank', home: 'US', founder: true, aggregator: true },
  { org: 'bank-b', name: 'Bank B', seat: 'bank', home: 'PH', founder: true },
  { org: 'labour', name: 'Labour Organisation', seat: 'organisation', home: 'CH', computes: true },
  { org: 'migration', name: 'Migration Organisation', seat: 'organisation', home: 'CH' },
  { org: 'development', name: 'Development Organisation', seat: 'organisation', home: 'US' },
  { org: 'environment', name: 'Environment Organisation', seat: 'organisation', home: 'KE' },
  { org: 'refugees', name: 'Refugees Organisation', seat: 'organisation', home: 'CH' },
  { org: 'children', name: 'Children Organisation', seat: 'organisation', home: 'US' },
  { org: 'food', name: 'Food Organisation', seat: 'organisation', home: 'IT' },
  { org: 'bank-c', name: 'Bank C', seat: 'bank', home: 'CI' },
  { org: 'bank-d', name: 'Bank D', seat: 'bank', home: 'LU' },
  { org: 'bank-e', name: 'Bank E', seat: 'bank', home: 'CN' },
];

export const LEAST_MEMBERS = 6;
