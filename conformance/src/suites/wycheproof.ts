// Wycheproof (C2SP): edge cases, valid and invalid. A group's `type` decides how it is run, `algorithm`, `curve` or
// `parameterSet` on what. "acceptable" may be refused; if it is taken, the answer must be the one given. Every case runs on both
// implementations of ours where both have the operation.
import { type Suite, Tally } from '../suite.ts';
import {
  isObject,
  objects,
  readJsonFolder,
  runCase,
  sameBytes,
  string,
  Unreadable,
  Unsupported,
} from '../vector-file.ts';
import type { Answer, Outcome, Run } from './wycheproof/answers.ts';
import { aead, ecdhPoint, eddsa, hkdf, mac, xdh } from './wycheproof/classical.ts';
import { mlDsa, mlDsaSigning, mlKem, mlKemDecaps, mlKemEncaps, mlKemKeyGen } from './wycheproof/post-quantum.ts';

const runners: Readonly<Record<string, Run>> = {
  AeadTest: aead,
  EddsaVerify: eddsa,
  HkdfTest: hkdf,
  MacTest: mac,
  XdhComp: xdh,
  EcdhEcpointTest: ecdhPoint,
  MlDsaVerify: mlDsa,
  MlDsaSign: mlDsaSigning,
  MLKEMTest: mlKem,
  MLKEMKeyGen: mlKemKeyGen,
  MLKEMEncapsTest: mlKemEncaps,
  MLKEMDecapsValidationTest: mlKemDecaps,
};

export const wycheproof: Suite = async folder => {
  const tally = new Tally();
  for (const { name, content } of readJsonFolder(folder, tally)) {
    try {
      if (!isObject(content)) throw new Unreadable('not an object');
      const algorithm = string(content, 'algorithm');
      for (const group of objects(content, 'testGroups')) {
        const type = string(group, 'type');
        for (const test of objects(group, 'tests')) {
          runCase(tally, `${name}#${test.tcId}`, () => {
            const run = runners[type];
            if (!run) throw new Unsupported(`tests of type ${type}`);
            return judge(string(test, 'result'), run({ ...group, ...test }, algorithm));
          });
        }
      }
    } catch (error) {
      tally.unreadable.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return tally;
};

function judge(result: string, { answers, expected }: Outcome): boolean {
  const right = (a: Answer) => (a instanceof Uint8Array && expected !== true ? sameBytes(a, expected) : a === expected);
  switch (result) {
    case 'valid':
      return answers.every(right);
    case 'invalid':
      return answers.every(a => a === undefined);
    case 'acceptable':
      return answers.every(a => a === undefined || right(a));
    default:
      throw new Unreadable(`result "${result}"`);
  }
}
