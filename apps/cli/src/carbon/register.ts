// madang carbon register: replays a register of removals and shows, item by item, that nothing is counted twice.
import { createHash } from 'node:crypto';
import type { RemovalEvent } from '@madang/carbon';
import { type Command, CommandError } from '../command.ts';
import { readText } from './read.ts';
import { provenance, writeFigures } from './tables.ts';

export const register: Command = {
  name: 'register',
  summary: 'checks a register of removals for double counting and durability',
  description:
    'FILE: one JSON event a line (issue, transfer, retire, adjust, reversal; whole kilograms, serial numbers). Everything is recomputed from the events. Exit 1 when any check fails.',
  arguments: [['<file>', 'events, one JSON object a line']],
  options: [
    { flags: '--horizon <years>', description: 'horizon of durability', default: '100' },
    { flags: '--out <file>', description: 'what is issued, held, used and owed as CSV' },
  ],
  examples: ['madang carbon register events.jsonl --json'],
  async run([file], options) {
    const { auditRegister, durability, fairBuffer } = await import('@madang/carbon');
    const text = readText(String(file), 'FILE');
    const events = text.split('\n').flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        const e = JSON.parse(line) as RemovalEvent;
        if (
          !['issue', 'transfer', 'retire', 'adjust', 'reversal'].includes(e?.kind) ||
          typeof e.id !== 'string' ||
          typeof e.kilograms !== 'number'
        )
          throw new Error('kind, id or kilograms is missing or unknown');
        if (e.kind !== 'reversal' && !Number.isSafeInteger(e.first)) throw new Error('"first" must be a whole number');
        if (e.kind === 'issue' && typeof e.storage?.leakShareYear !== 'number')
          throw new Error('an issue needs its storage');
        return [e];
      } catch (error) {
        throw new CommandError(`${file}, line ${i + 1}: ${error instanceof Error ? error.message : error}`, 1, {
          cause: error,
        });
      }
    });
    const r = auditRegister(events);
    const years = Number(options['horizon']);
    if (!(years > 0)) throw new CommandError('--horizon wants a number of years above 0', 2);
    const batches = events.flatMap(e =>
      e.kind === 'issue'
        ? [
            {
              id: e.id,
              medium: e.storage.medium,
              durability: durability(e.storage, years),
              fairBuffer: fairBuffer(e.storage, years),
              bufferShare: e.bufferShare,
            },
          ]
        : [],
    );
    const failed = r.checks.filter(c => !c.ok);
    const json = {
      ok: r.sound,
      sha256: createHash('sha256').update(text).digest('hex'),
      horizonYears: years,
      ...r,
      batches,
    };
    if (options['out'])
      writeFigures(
        String(options['out']),
        [
          ['issued', r.issuedKg, 'kg CO2'],
          ['held', r.heldKg, 'kg CO2'],
          ...r.holdings.map(h => [`held by ${h.holder}`, h.kilograms, 'kg CO2'] as const),
          ['buffer', r.bufferKg, 'kg CO2'],
          ['retired', r.retiredKg, 'kg CO2'],
          ['cancelled', r.cancelledKg, 'kg CO2'],
          ['to be made good', r.owedKg, 'kg CO2'],
          ['checks failed', failed.length, `of ${r.checks.length}`],
          ...batches.map(
            b => [`durability of ${b.id}`, b.durability, `share of the tonne-years of ${years} years`] as const,
          ),
        ],
        provenance('register', [String(file), `sha256 ${json.sha256}`], 'register'),
      );
    const out = [
      `${events.length} events, ${r.checks.length} checks, ${failed.length} failed`,
      ...failed.map(c => `FAILED ${c.name}: ${c.detail}`),
      `issued ${r.issuedKg} kg: held ${r.heldKg}, buffer ${r.bufferKg}, retired ${r.retiredKg}, cancelled ${r.cancelledKg}; to be made good ${r.owedKg}`,
      ...batches.map(
        b =>
          `${b.id} (${b.medium}): ${(100 * b.durability).toFixed(0)} % of the tonne-years of ${years} years; buffer ${(100 * b.bufferShare).toFixed(0)} %, expected loss ${(100 * b.fairBuffer).toFixed(0)} %`,
      ),
    ].join('\n');
    return { json, text: out, exit: r.sound ? 0 : 1 };
  },
};
