// NIST ACVP vectors for ML-KEM (FIPS 203) and ML-DSA (FIPS 204), read by what each file and group declares. Where the platform
// has the operation (public key from seed, decapsulation by seed, verification of pure ML-DSA), it must agree as well.
import {
  implementations,
  type MlDsaInterface,
  type MlDsaSize,
  type MlKemSize,
  mlDsaKey,
  mlDsaSign,
  mlDsaVerify,
  mlKemDecapsulate,
  mlKemEncapsulate,
  mlKemKey,
} from '@madang/trust/vectors';
import { type Suite, Tally } from '../suite.ts';
import {
  boolean,
  hex,
  isObject,
  type Json,
  type JsonObject,
  objects,
  readJsonFolder,
  runCase,
  sameBytes,
  string,
  Unreadable,
  Unsupported,
} from '../vector-file.ts';

/** Test over group over file: ACVP lets a group give what all its tests share. */
type RunTest = (test: JsonObject) => boolean;

export const acvp: Suite = async folder => {
  const tally = new Tally();
  for (const { name, content } of readJsonFolder(folder, tally)) {
    try {
      const file = vectorSet(content);
      const run = runner(string(file, 'algorithm'), string(file, 'mode'));
      for (const group of objects(file, 'testGroups')) {
        for (const test of objects(group, 'tests')) {
          runCase(tally, `${name}#${test.tcId}`, () => run({ ...group, ...test }));
        }
      }
    } catch (error) {
      const list = error instanceof Unsupported ? tally.unsupported : tally.unreadable;
      list.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return tally;
};

/** A file is a vector set, or ACVP's pair of a version and a vector set. */
function vectorSet(content: Json): JsonObject {
  const candidates: readonly Json[] = Array.isArray(content) ? content : [content as Json];
  const set = candidates.find(c => isObject(c) && 'testGroups' in c);
  if (!isObject(set)) throw new Unreadable('no testGroups');
  return set;
}

function runner(algorithm: string, mode: string): RunTest {
  const runners: Readonly<Record<string, RunTest>> = {
    'ML-KEM keyGen': mlKemKeyGen,
    'ML-KEM encapDecap': mlKemEncapDecap,
    'ML-DSA keyGen': mlDsaKeyGen,
    'ML-DSA sigGen': mlDsaSigGen,
    'ML-DSA sigVer': mlDsaSigVer,
  };
  const found = runners[`${algorithm} ${mode}`];
  if (!found) throw new Unsupported(`${algorithm} ${mode}`);
  return found;
}

function mlKemSize(test: JsonObject): MlKemSize {
  const set = string(test, 'parameterSet');
  if (set !== 'ML-KEM-512' && set !== 'ML-KEM-768' && set !== 'ML-KEM-1024') throw new Unsupported(set);
  return Number(set.slice(7)) as MlKemSize;
}

function mlKemKeyGen(test: JsonObject): boolean {
  const size = mlKemSize(test);
  const seed = new Uint8Array(Buffer.concat([hex(test, 'd'), hex(test, 'z')]));
  const key = mlKemKey(size, seed);
  const publicKey = hex(test, 'ek');
  return (
    sameBytes(key.publicKey, publicKey) &&
    sameBytes(key.secretKey, hex(test, 'dk')) &&
    implementations.every(using => sameBytes(using.mlKem(size).secret(seed).publicKey, publicKey))
  );
}

function mlKemEncapDecap(test: JsonObject): boolean {
  const size = mlKemSize(test);
  switch (string(test, 'function')) {
    case 'encapsulation': {
      const made = mlKemEncapsulate(size, hex(test, 'ek'), hex(test, 'm'));
      const right = sameBytes(made.cipherText, hex(test, 'c')) && sameBytes(made.sharedSecret, hex(test, 'k'));
      if (test.dk === undefined) return right;
      return right && sameBytes(mlKemDecapsulate(size, hex(test, 'dk'), hex(test, 'c')), hex(test, 'k'));
    }
    case 'decapsulation':
      return sameBytes(mlKemDecapsulate(size, hex(test, 'dk'), hex(test, 'c')), hex(test, 'k'));
    case 'encapsulationKeyCheck': {
      const key = hex(test, 'ek');
      const expected = boolean(test, 'testPassed');
      return implementations.every(using => accepts(() => using.mlKem(size).encapsulate(key)) === expected);
    }
    case 'decapsulationKeyCheck': {
      const ciphertext = new Uint8Array(implementations[0].mlKem(size).ciphertextBytes);
      return accepts(() => mlKemDecapsulate(size, hex(test, 'dk'), ciphertext)) === boolean(test, 'testPassed');
    }
    default:
      throw new Unsupported(`function ${string(test, 'function')}`);
  }
}

function accepts(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

function mlDsaSize(test: JsonObject): MlDsaSize {
  const set = string(test, 'parameterSet');
  if (set !== 'ML-DSA-44' && set !== 'ML-DSA-65' && set !== 'ML-DSA-87') throw new Unsupported(set);
  return Number(set.slice(7)) as MlDsaSize;
}

function mlDsaKeyGen(test: JsonObject): boolean {
  const key = mlDsaKey(mlDsaSize(test), hex(test, 'seed'));
  return sameBytes(key.publicKey, hex(test, 'pk')) && sameBytes(key.secretKey, hex(test, 'sk'));
}

/** Files from before the external interface existed declare none and mean the internal one. */
function signedAs(test: JsonObject): { by: MlDsaInterface; message: Uint8Array } {
  if (test.preHash !== undefined && test.preHash !== 'pure' && test.preHash !== 'none') {
    throw new Unsupported(`preHash ${test.preHash}`);
  }
  if (test.signatureInterface === 'external') {
    const context = test.context === undefined ? new Uint8Array(0) : hex(test, 'context');
    return { by: { kind: 'external', context }, message: hex(test, 'message') };
  }
  if (test.externalMu === true) return { by: { kind: 'mu' }, message: hex(test, 'mu') };
  return { by: { kind: 'internal' }, message: hex(test, 'message') };
}

function mlDsaSigGen(test: JsonObject): boolean {
  const { by, message } = signedAs(test);
  const rnd = boolean(test, 'deterministic') ? undefined : hex(test, 'rnd');
  const signature = mlDsaSign(mlDsaSize(test), by, hex(test, 'sk'), message, rnd);
  return sameBytes(signature, hex(test, 'signature'));
}

function mlDsaSigVer(test: JsonObject): boolean {
  const { by, message } = signedAs(test);
  const valid = mlDsaVerify(mlDsaSize(test), by, hex(test, 'pk'), message, hex(test, 'signature'));
  return valid === boolean(test, 'testPassed');
}
