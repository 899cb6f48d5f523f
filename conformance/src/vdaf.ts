// Prio3 and TurboSHAKE128 vectors of draft-irtf-cfrg-vdaf: every operation a file lists is run and must succeed, or fail, as it says.
// Trap: files of the multiproof variant name neither field nor number of proofs; both follow from the length of the leader's share.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Prio3,
  PrivacyError,
  prio3Count,
  prio3HigherDegree,
  prio3Histogram,
  prio3MultihotCountVec,
  prio3Sum,
  prio3SumVec,
  type VerifyState,
  XofTurboShake128,
} from '@madang/privacy';
import { type Suite, type SuiteResult, Tally } from './suite.ts';

interface Operation {
  readonly operation: string;
  readonly success: boolean;
  readonly report_index?: number;
  readonly aggregator_id?: number;
  readonly round?: number;
}

interface Report {
  readonly measurement: unknown;
  readonly nonce: string;
  readonly rand: string;
  readonly public_share: string;
  readonly input_shares: readonly string[];
  readonly verifier_shares: readonly (readonly string[])[];
  readonly verifier_messages: readonly string[];
  readonly out_shares: readonly string[];
}

interface VectorFile {
  readonly shares: number;
  readonly agg_param?: string;
  readonly verify_key: string;
  readonly ctx: string;
  readonly length?: number;
  readonly chunk_length?: number;
  readonly max_measurement?: number | bigint;
  readonly max_weight?: number;
  readonly operations: readonly Operation[];
  readonly reports: readonly Report[];
  readonly agg_shares: readonly string[];
  readonly agg_result: unknown;
}

type Vdaf = Prio3<unknown, unknown, unknown>;

export const vdaf: Suite = async (folder: string): Promise<SuiteResult> => {
  const tally = new Tally();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.json')) continue;
    let data: unknown;
    try {
      data = parseExactly(readFileSync(join(folder, file), 'utf8'));
    } catch {
      tally.unreadable.push(file);
      continue;
    }
    if (file.startsWith('XofTurboShake128')) {
      await tally.try(file, () => runXof(data as XofFile));
      continue;
    }
    const type = /^(Prio3[A-Za-z0-9]*)_/.exec(file)?.[1];
    for (const kernel of ['wasm', 'twin'] as const) {
      const make = type === undefined ? undefined : instances[type];
      if (!make) {
        tally.unsupported.push(file);
        break;
      }
      await tally.try(`${file} (${kernel})`, () => runVector(make(data as VectorFile, kernel), data as VectorFile));
    }
  }
  return tally;
};

const instances: Record<string, (d: VectorFile, kernel: 'wasm' | 'twin') => Vdaf> = {
  Prio3Count: (d, kernel) => prio3Count({ shares: d.shares, kernel }) as Vdaf,
  Prio3Sum: (d, kernel) => prio3Sum({ shares: d.shares, maxMeasurement: d.max_measurement!, kernel }) as Vdaf,
  Prio3Histogram: (d, kernel) =>
    prio3Histogram({ shares: d.shares, length: d.length!, chunkLength: d.chunk_length!, kernel }) as Vdaf,
  Prio3MultihotCountVec: (d, kernel) =>
    prio3MultihotCountVec({
      shares: d.shares,
      length: d.length!,
      maxWeight: d.max_weight!,
      chunkLength: d.chunk_length!,
      kernel,
    }) as Vdaf,
  Prio3HigherDegree: (d, kernel) => prio3HigherDegree({ shares: d.shares, kernel }) as Vdaf,
  Prio3SumVec: (d, kernel) => prio3SumVec({ ...sumVecShape(d), kernel }) as Vdaf,
  Prio3SumVecWithMultiproof: (d, kernel) => {
    const leaderBytes = d.reports[0].input_shares[0].length / 2;
    for (const field of ['Field64', 'Field128'] as const)
      for (let proofs = field === 'Field64' ? 1 : 2; proofs < 256; proofs++) {
        const candidate = prio3SumVec({ ...sumVecShape(d), field, proofs, kernel });
        const size = candidate.inputShareSize(0);
        if (size === leaderBytes) return candidate as Vdaf;
        if (size > leaderBytes) break;
      }
    throw new Error('no field and number of proofs give the leader share its length');
  },
};

function sumVecShape(d: VectorFile) {
  return {
    shares: d.shares,
    length: d.length!,
    maxMeasurement: d.max_measurement!,
    chunkLength: d.chunk_length!,
  };
}

function runVector(prio3: Vdaf, d: VectorFile): boolean {
  const ctx = hex(d.ctx);
  const key = hex(d.verify_key);
  const states = new Map<string, VerifyState>();
  const outShares = new Map<string, Uint8Array>();
  const expect = (what: string, got: Uint8Array, want: string | undefined) => {
    if (want === undefined || toHex(got) !== want) throw new Error(`${what} differs`);
  };
  // Prio3 has no aggregation parameter.
  if ((d.agg_param ?? '') !== '') throw new Error('agg_param is not empty');
  for (const r of d.reports)
    if (r.input_shares.length !== d.shares) throw new Error(`${r.input_shares.length} input shares, not ${d.shares}`);
  for (const op of d.operations) {
    const i = op.report_index ?? 0;
    const j = op.aggregator_id ?? 0;
    const report = d.reports[i];
    const at = `${op.operation} of report ${i}, aggregator ${j}`;
    const run = () => {
      switch (op.operation) {
        case 'shard': {
          const { publicShare, inputShares } = prio3.shard(
            ctx,
            report.measurement,
            hex(report.nonce),
            hex(report.rand),
          );
          return () => {
            expect(`${at}: public share`, publicShare, report.public_share);
            inputShares.forEach((share, a) => {
              expect(`${at}: input share ${a}`, share, report.input_shares[a]);
            });
          };
        }
        case 'verify_init': {
          const { state, verifierShare } = prio3.verifyInit(
            key,
            ctx,
            j,
            hex(report.nonce),
            hex(report.public_share),
            hex(report.input_shares[j]),
          );
          return () => {
            states.set(`${i} ${j}`, state);
            expect(`${at}: verifier share`, verifierShare, report.verifier_shares[0][j]);
          };
        }
        case 'verifier_shares_to_message': {
          const message = prio3.verifierSharesToMessage(ctx, report.verifier_shares[op.round ?? 0].map(hex));
          return () => expect(`${at}: verifier message`, message, report.verifier_messages[op.round ?? 0]);
        }
        case 'verify_next': {
          const state = states.get(`${i} ${j}`);
          if (!state) throw new Error(`${at}: nothing was initialised`);
          const out = prio3.verifyNext(state, hex(report.verifier_messages[(op.round ?? 1) - 1]));
          return () => {
            outShares.set(`${i} ${j}`, out);
            expect(`${at}: output share`, out, report.out_shares[j]);
          };
        }
        case 'aggregate': {
          const share = prio3.aggregateInit();
          for (let r = 0; r < d.reports.length; r++) {
            const out = outShares.get(`${r} ${j}`);
            if (out) prio3.aggregateUpdate(share, out);
          }
          return () => expect(`${at}: aggregate share`, share, d.agg_shares[j]);
        }
        case 'unshard': {
          if (d.agg_shares.length !== d.shares) throw new Error(`${at}: another number of shares`);
          const result = prio3.unshardExact(d.agg_shares.map(hex), d.reports.length);
          return () => {
            if (String(result) !== String(d.agg_result)) throw new Error(`${at}: result differs`);
          };
        }
        default:
          throw new Error(`unknown operation ${op.operation}`);
      }
    };
    let check: (() => void) | undefined;
    try {
      check = run();
    } catch (error) {
      if (!(error instanceof PrivacyError) || op.success) throw error;
    }
    if (op.success) check?.();
    else if (check) throw new Error(`${at} must fail and did not`);
  }
  return d.operations.length > 0;
}

interface XofFile {
  readonly seed: string;
  readonly dst: string;
  readonly binder: string;
  readonly length: number;
  readonly derived_seed: string;
  readonly expanded_vec_field128: string;
}

function runXof(d: XofFile): boolean {
  return (['wasm', 'twin'] as const).every(kernel => {
    const make = () => new XofTurboShake128(hex(d.seed), hex(d.dst), hex(d.binder), kernel);
    return (
      toHex(make().next(32)) === d.derived_seed &&
      toHex(make().nextVector('Field128', d.length)) === d.expanded_vec_field128
    );
  });
}

/** JSON with integers past 2^53 as bigint instead of rounded. */
function parseExactly(text: string): unknown {
  const exact = (_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && context?.source ? BigInt(context.source) : value;
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown);
}

function hex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error(`"${text.slice(0, 16)}…" is not hexadecimal`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
