// What pages are drawn from: plain data that a hub may show to anyone. The hub makes these models, this package draws them, nothing here fetches.
export type * from './models/forecast.ts';
export type * from './models/log.ts';
export type * from './models/member.ts';
export type * from './models/site.ts';
export type * from './models/study.ts';
export type * from './models/today.ts';
