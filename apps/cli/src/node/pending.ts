// `madang node pending`: what waits for the steward, with the exact query and what would leave.
import type { PendingRequest } from '@madang/node/setup';
import { purposeInWords } from '@madang/study';
import type { Command } from '../command.ts';
import { HOME_OPTION, openHome, pendingRequests } from './home.ts';

export const pending: Command = {
  name: 'pending',
  summary: 'studies that wait for the steward: the exact query, what would leave, what it costs',
  options: [HOME_OPTION],
  examples: ['npx madang node pending --home ./health'],
  async run(_args, options) {
    const requests = await pendingRequests(openHome(options));
    return {
      json: { pending: requests },
      text: requests.length === 0 ? 'Nothing waits for you.' : requests.map(describe).join('\n\n'),
    };
  },
};

function describe(r: PendingRequest): string {
  return [
    `${r.title}`,
    `  study       ${r.study}`,
    `  asked by    ${r.proposer}, for ${purposeInWords(r.purpose)}; result for ${r.collector}`,
    `  datasets    ${r.datasets.join(', ')}; ${r.rounds} rounds, at least ${r.minimum} contributors`,
    `  aggregators ${r.aggregators.join(' and ')}: together they could read a contribution, one alone cannot`,
    ...r.leaves.map(l => `  ${l}`),
    ...r.cost.map(c => `  cost        ${c.microRhoPerRound} micro-rho a round of ${c.left} left (${c.ledger})`),
    `  query       ${r.query}`,
    `  its SHA-256 ${r.queryDigest}`,
    `  waits because ${r.waitsBecause}`,
    `  decide with: madang node approve ${r.study.slice(0, 12)} --home …   or   madang node decline ${r.study.slice(0, 12)} --reason "…" --home …`,
  ].join('\n');
}
