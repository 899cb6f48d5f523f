// Release rules: what must hold before a number leaves, whatever noise it carries.
export {
  type ContributorRule,
  checkContributors,
  isolated,
  type Release,
  type ReleaseRefusal,
  type ReleaseVerdict,
  symmetricDifference,
} from './contributors.ts';
export { boundsOf, type TotalledTable, withTotals } from './flow.ts';
export { type JoinedTables, joinTables, type NamedTable } from './join.ts';
export {
  type Coordinates,
  type CountArray,
  type LinkedCell,
  type LinkedTables,
  suppressLinkedTables,
} from './linked.ts';
export { type Rounded, roundAtRandom, roundToBase } from './rounding.ts';
export { type SuppressedTable, type SuppressionRule, suppressSmallCells } from './suppress.ts';
export { type Interval, releaseTables, type TableRelease, type TableRule, type TableVerdict } from './tables.ts';
