// round.ready: an aggregator consents, with a fresh sealing key for this opening and a commitment to its share of the verification key.
import { base64, digest, type Infer, object } from '../schema.ts';
import { isRefusal, put, refuse, type StatementType } from '../statement-type.ts';
import { findStudy, withStudy } from './find.ts';

const body = object({
  study: digest,
  /** X-Wing public key, 1,216 bytes. */
  sealKey: base64(1216),
  /** SHA-256 of 32 random bytes that go sealed to the other aggregators. */
  commitment: digest,
});

export const ready: StatementType<Infer<typeof body>> = {
  kind: 'round.ready',
  summary: 'An aggregator is ready to open a study.',
  body,
  signers: ['aggregator'],
  refusals: {
    'not-aggregator': 'The study names other aggregators.',
    'already-ready': 'The aggregator has said so already.',
    'not-proposed': 'The study is open or over already.',
  },
  apply: {
    1(state, { id, org, body: b }) {
      const study = findStudy(state, b.study);
      if (isRefusal(study)) return study;
      if (study.stage !== 'proposed') return refuse('not-proposed', `the study is ${study.stage}`);
      if (!study.aggregators.includes(org)) return refuse('not-aggregator', `${org} does not aggregate in this study`);
      if (study.ready[org]) return refuse('already-ready', `${org} is ready already`);
      return withStudy(state, b.study, {
        ready: put(study.ready, org, { id, sealKey: b.sealKey, commitment: b.commitment }),
      });
    },
  },
};
