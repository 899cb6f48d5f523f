// A hub with an empty log, for tests that draw a page.
import type { Site } from '../models.ts';

export const EMPTY_SITE: Site = {
  assets: {},
  origin: 'demo/x',
  simulated: false,
  nameOf: org => org,
  log: {
    size: 0,
    finalSize: 0,
    time: 0,
    rules: 1,
    operator: 'hub',
    witnesses: { good: [], listed: [], needed: 0 },
    rootId: '',
    rootWords: [],
  },
};
