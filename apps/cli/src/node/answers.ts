// `madang node answers`: what came back to the proposer alone: results for this member, and declines with their reasons.
import type { Decline } from '@madang/node/setup';
import type { ResultDocument } from '@madang/study';
import type { Command } from '../command.ts';
import { HOME_OPTION, openHome } from './home.ts';

export const answers: Command = {
  name: 'answers',
  summary: 'results for this member alone, and declines of its proposals with their reasons',
  options: [HOME_OPTION],
  examples: ['npx madang node answers --home ./health --json'],
  async run(_args, options) {
    const { memory } = openHome(options);
    const results = await readAll<ResultDocument>('answers/');
    const declines = await readAll<Decline>('declines/');
    return { json: { results, declines }, text: text(results, declines) };

    async function readAll<T>(folder: string): Promise<T[]> {
      const found: T[] = [];
      for (const path of await memory.list(folder)) {
        const value = await memory.json<T>(path);
        if (value) found.push(value);
      }
      return found;
    }
  },
};

function text(results: readonly ResultDocument[], declines: readonly Decline[]): string {
  const lines = [
    ...results.map(
      r =>
        `${r.kind}, round ${r.round} of ${r.opening.slice(0, 12)}…, ${r.contributors.length} organisations: ${JSON.stringify(r.decoded)}`,
    ),
    ...declines.map(d => `${d.org} declined ${d.study.slice(0, 12)}…: ${d.reason || 'no reason given'}`),
  ];
  return lines.length === 0 ? 'Nothing came for you alone.' : lines.join('\n');
}
