// The kinds that can be simulated, by the name that the command line gives them.
import { gbdtSubject } from './gbdt.ts';
import { kmeansSubject } from './kmeans.ts';
import { glmSubject, ridgeSubject } from './linear.ts';
import { networkSubject } from './network.ts';
import type { MakeSubject } from './subject.ts';

export const subjects: Readonly<Record<string, MakeSubject>> = {
  gbdt: gbdtSubject({ kind: 'squared' }),
  'gbdt-quantile': gbdtSubject({ kind: 'quantile', levels: [0.05, 0.25, 0.5, 0.75, 0.95] }),
  'gbdt-poisson': gbdtSubject({ kind: 'poisson' }),
  ridge: ridgeSubject,
  linear: glmSubject('linear'),
  logistic: glmSubject('logistic'),
  poisson: glmSubject('poisson'),
  kmeans: kmeansSubject,
  fedavg: networkSubject('average', 0),
  fedprox: networkSubject('average', 0.05),
  fedadam: networkSubject('adam', 0),
  'dp-fedavg': networkSubject('momentum', 0),
};
