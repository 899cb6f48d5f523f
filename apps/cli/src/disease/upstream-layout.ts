// Where forecast hubs keep their data upstream, as data: the newest tables, the dated ones beside them, and what the hub calls our targets.

export type HubName = 'respicast' | 'flusight';

interface Newest {
  readonly target: string;
  readonly path: string;
}

export interface Dated {
  readonly target: string;
  readonly source: string;
  readonly folder: string;
  readonly before: string;
  readonly after: string;
  /** Day of the first such file upstream; they come weekly. */
  readonly first: string;
}

export interface Layout {
  readonly newest: readonly Newest[];
  readonly dated: readonly Dated[];
  /** Names that the hub's tables give to our targets. */
  readonly names: Readonly<Record<string, string>>;
  /** Days from the end of the last week of a table to the earliest day on which it can have been published. */
  readonly publishedAfter: number;
}

const ervissAndFluId = ['ILI', 'ARI'].flatMap(target =>
  [
    ['ERVISS', '2024-10-11'],
    ['FluID', '2024-10-18'],
  ].map(([source, first]) => ({
    target,
    source,
    folder: `target-data/${source}/snapshots`,
    before: '',
    after: `-${target}_incidence.csv`,
    first,
  })),
);

export const UPSTREAM: Readonly<Record<HubName, Layout>> = {
  respicast: {
    newest: ['ILI', 'ARI'].map(target => ({ target, path: `target-data/latest-${target}_incidence.csv` })),
    dated: ervissAndFluId,
    names: { 'ILI incidence': 'ILI', 'ARI incidence': 'ARI' },
    publishedAfter: 5,
  },
  flusight: {
    newest: [{ target: 'hosp', path: 'target-data/target-hospital-admissions.csv' }],
    dated: [
      {
        target: 'hosp',
        source: 'NHSN',
        folder: 'auxiliary-data/target-data-archive',
        before: 'target-hospital-admissions_',
        after: '.csv',
        first: '2023-09-23',
      },
    ],
    names: { 'wk inc flu hosp': 'hosp' },
    publishedAfter: 4,
  },
};
