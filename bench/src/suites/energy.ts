// Energy beside its peers: HiGHS (native), Ipopt with MUMPS through CasADi, PyPSA with linopy, pandapower, lightsim2grid.
import type { BenchSuite } from '../figure.ts';
import { powerFlows } from './energy/flows.ts';
import { optimalFlows } from './energy/optimal.ts';
import { plans } from './energy/plans.ts';

export const energy: BenchSuite = async function* () {
  const { highsSolver } = await import('@madang/cli');
  const highs = await highsSolver();
  yield* optimalFlows(highs);
  yield* plans(highs);
  yield* powerFlows();
};
