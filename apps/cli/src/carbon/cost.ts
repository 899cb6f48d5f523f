// madang carbon cost: what capturing and avoiding a tonne costs, with its parts.
import type { CostAssumptions } from '@madang/carbon';
import type { Command } from '../command.ts';
import { COST, EXAMPLE_OPTION, exampleOutcome, fileArgument } from './examples.ts';
import { readJson, said } from './read.ts';
import { provenance, writeFigures } from './tables.ts';

export const cost: Command = {
  name: 'cost',
  summary: 'the cost of a tonne captured and avoided, part by part',
  description: [
    'FILE: JSON as --example prints it; money in one currency of one year. capturedTonnesYear (t CO2/yr), equipment (name, cost installed, lifeYears), discountRate (0.08 is 8 %),',
    'fixedShareYear (operation and maintenance a year as a share of all equipment), electricityKwhTonne and heatKwhTonne (kWh per t captured) with PriceMwh (money/MWh) and KgCo2Mwh',
    '(kg CO2/MWh), sorbent (inventoryKg, priceKg, lifeYears, lossKgTonne: used up per t captured), transportTonne and storageTonne (money/t).',
  ].join('\n'),
  arguments: [['[file]', 'the assumptions as JSON']],
  options: [EXAMPLE_OPTION, { flags: '--out <file>', description: 'the parts as CSV' }],
  examples: ['madang carbon cost --example > assumptions.json', 'madang carbon cost assumptions.json --json'],
  async run([given], options) {
    if (options['example'] === true) return exampleOutcome(COST);
    const file = fileArgument(given);
    const { captureCost } = await import('@madang/carbon');
    const a = readJson(file, 'FILE') as Partial<CostAssumptions>;
    const c = said(() => {
      const names = [
        'capturedTonnesYear',
        'discountRate',
        'fixedShareYear',
        'electricityKwhTonne',
        'electricityPriceMwh',
        'electricityKgCo2Mwh',
        'heatKwhTonne',
        'heatPriceMwh',
        'heatKgCo2Mwh',
        'transportTonne',
        'storageTonne',
      ] as const;
      for (const name of names)
        if (typeof a?.[name] !== 'number')
          throw new Error(`${file}: ${name} is ${JSON.stringify(a?.[name]) ?? 'missing'}; a number was expected`);
      if (!Array.isArray(a.equipment)) throw new Error(`${file}: there is no list "equipment"`);
      for (const [i, e] of a.equipment.entries())
        if (typeof e?.name !== 'string' || typeof e.cost !== 'number' || typeof e.lifeYears !== 'number')
          throw new Error(
            `${file}, equipment[${i}]: ${JSON.stringify(e)}; a name and the numbers cost and lifeYears were expected`,
          );
      for (const name of ['inventoryKg', 'priceKg', 'lifeYears', 'lossKgTonne'] as const)
        if (typeof a.sorbent?.[name] !== 'number') throw new Error(`${file}: sorbent.${name} is missing or no number`);
      return captureCost(a as CostAssumptions);
    });
    if (options['out']) {
      const captured = 'currency/t CO2 captured';
      const avoided = c.perTonneAvoided;
      writeFigures(
        String(options['out']),
        [
          ...c.parts.map(p => [p.name, p.perTonne, captured] as const),
          ['all parts', c.perTonneCaptured, captured] as const,
          ...(avoided === undefined ? [] : [['all parts', avoided, 'currency/t CO2 avoided'] as const]),
          ['avoided of what is captured', c.avoidedShare, 'share'] as const,
        ],
        provenance('cost', [file], 'cost'),
      );
    }
    const text = [
      ...c.parts.map(p => `${p.name.padEnd(28)} ${p.perTonne.toFixed(2).padStart(9)}`),
      `${'per tonne captured'.padEnd(28)} ${c.perTonneCaptured.toFixed(2).padStart(9)}`,
      `${'per tonne avoided'.padEnd(28)} ${c.perTonneAvoided === undefined ? 'none is avoided' : c.perTonneAvoided.toFixed(2).padStart(9)}`,
    ].join('\n');
    return { json: { ok: true, ...c }, text };
  },
};
