// madang carbon register: replays a register of removals and shows, item by item, that nothing is counted twice.
import { createHash } from 'node:crypto';
import { REGISTER } from '@madang/carbon/examples';
import { type Command, CommandError } from '../command.ts';
import { EXAMPLE_OPTION, exampleOutcome, fileArgument } from './examples.ts';
import { readText, said } from './read.ts';
import { provenance, writeFigures } from './tables.ts';

export const register: Command = {
  name: 'register',
  summary: 'checks a register of removals for double counting and durability',
  description: [
    'FILE: one event a line, as --example prints them (party, key, approach, initial, issue, authorise, withdraw, transfer, adjust, retire, reversal; whole kilograms, serial numbers), plain or signed',
    '(`madang carbon sign`). Everything is recomputed from the events; a refusal has a name. Of a signed register every signature is verified, and that no line is',
    'missing or moved; --keeper and --head hold it against what was known before. Exit 1 when any check fails.',
  ].join('\n'),
  arguments: [['[file]', 'events, one a line']],
  options: [
    EXAMPLE_OPTION,
    { flags: '--horizon <years>', description: 'horizon of durability', default: '100' },
    { flags: '--keeper <key id>', description: "the keeper's key, as known from elsewhere (signed registers)" },
    {
      flags: '--head <id>',
      description: 'the id of an earlier last line, which must still be there (signed registers)',
    },
    { flags: '--out <file>', description: 'what is issued, held, used and owed as CSV' },
  ],
  examples: ['madang carbon register --example > events.jsonl', 'madang carbon register events.jsonl --json'],
  async run([given], options) {
    if (options['example'] === true) return exampleOutcome(REGISTER);
    const file = fileArgument(given);
    const { auditRegister, batchesOf, registerFigures } = await import('@madang/carbon');
    const { readRegister } = await import('./signed-register.ts');
    const text = readText(file, 'FILE');
    const { events, signed } = said(() => readRegister(text, file));
    if (events.length === 0) throw new CommandError(`${file}: there is no event`);
    const r = auditRegister(events, signed?.signedBy);
    const faults = [...(signed?.faults.map(f => ({ name: `line ${f.line}`, code: f.code, detail: f.why })) ?? [])];
    const keeper = options['keeper'] as string | undefined;
    const head = options['head'] as string | undefined;
    if ((keeper !== undefined || head !== undefined) && !signed)
      throw new CommandError(`${file} is not signed: --keeper and --head say nothing about it`, 2);
    if (keeper !== undefined && keeper !== signed?.keeperKey)
      faults.push({
        name: 'keeper',
        code: 'unknown-key',
        detail: `the first line names key ${signed?.keeperKey ?? 'none'}`,
      });
    if (head !== undefined && !signed?.ids.includes(head))
      faults.push({ name: 'head', code: 'order-broken', detail: `line ${head} is no longer there` });
    const years = Number(options['horizon']);
    if (!(years > 0)) throw new CommandError('--horizon wants a number of years above 0', 2);
    const batches = batchesOf(events, r, years);
    const failed = [...faults, ...r.checks.filter(c => !c.ok)];
    const ok = failed.length === 0;
    const json = {
      ok,
      signed: signed !== undefined,
      ...(signed ? { keeper: signed.keeperKey, head: signed.ids.at(-1), faults } : {}),
      sha256: createHash('sha256').update(text).digest('hex'),
      horizonYears: years,
      ...r,
      batches,
    };
    if (options['out'])
      writeFigures(
        String(options['out']),
        registerFigures(r, batches, years, { failed: failed.length, of: r.checks.length + faults.length }),
        provenance('register', [file], 'register'),
      );
    const out = [
      `${events.length} ${events.length === 1 ? 'event' : 'events'}, ${signed ? 'signed' : 'not signed'}; ${r.checks.length} checks, ${failed.length} failed`,
      ...failed.map(c => `FAILED ${c.name}: ${c.code ? `${c.code}: ` : ''}${c.detail}`),
      `issued ${r.issuedKg} kg: held ${r.heldKg}, buffer ${r.bufferKg}, retired ${r.retiredKg}, cancelled ${r.cancelledKg}, for overall mitigation ${r.mitigationKg}; to be made good ${r.owedKg}`,
      ...r.adjustments.countries.map(
        c => `${c.country}: added ${c.addedKg} kg to its emissions, subtracted ${c.subtractedKg}`,
      ),
      ...r.reports.map(
        c =>
          `${c.country}: first transferred ${c.firstTransferredKg} kg, ${c.notAdjustedKg} of it not yet added back${c.years.length > 0 ? `; adjustment ${c.years.map(y => `${y.year} ${y.adjustmentKg}`).join(', ')} (${c.method})` : ''}`,
      ),
      ...batches.map(
        b =>
          `${b.id} (${b.medium}): ${(100 * b.durability).toFixed(0)} % of the tonne-years of ${years} years; buffer ${(100 * b.bufferShare).toFixed(0)} %, expected loss ${(100 * b.fairBuffer).toFixed(0)} %`,
      ),
    ].join('\n');
    return { json, text: out, exit: ok ? 0 : 1 };
  },
};
