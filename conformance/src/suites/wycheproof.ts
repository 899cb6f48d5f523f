// Wycheproof (C2SP): edge cases, valid and invalid. A group's `type` decides how it is run, `algorithm`, `curve` or
// `parameterSet` on what. "acceptable" may be refused; if it is taken, the answer must be the one given. Every case runs on both
// implementations of ours where both have the operation.
import {
  type AeadName,
  type CurveName,
  type HashName,
  hkdfExpand,
  hkdfExtract,
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
  type SignatureName,
  signatureImplementations,
} from '@madang/trust/vectors';
import { type Suite, Tally } from '../suite.ts';
import {
  hex,
  integer,
  isObject,
  type JsonObject,
  objects,
  readJsonFolder,
  runCase,
  sameBytes,
  string,
  Unreadable,
  Unsupported,
} from '../vector-file.ts';

/** What one implementation answers: the output (true for a signature that verified), or undefined for a refusal. */
type Answer = Uint8Array | true | undefined;

/** All answers to one case, and the output a good one must have. */
interface Outcome {
  readonly answers: readonly Answer[];
  readonly expected: Uint8Array | true;
}

/** `c` is the test over its group; `algorithm` is the file's. */
type Run = (c: JsonObject, algorithm: string) => Outcome;

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

/** A throw of ours is a refusal; a field that is not there is not. */
function answer(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof Unsupported) throw error;
    return undefined;
  }
}

/** `hex`, for fields that a case may leave out. */
function optional(c: JsonObject, field: string): Uint8Array {
  return c[field] === undefined || c[field] === null ? new Uint8Array(0) : hex(c, field);
}

function pick<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = table[name];
  if (found === undefined) throw new Unsupported(name);
  return found;
}

function aead(c: JsonObject, algorithm: string): Outcome {
  const tagBytes = integer(c, 'tagSize') / 8;
  if (tagBytes !== 16) throw new Unsupported(`${algorithm} with a tag of ${tagBytes} bytes`);
  const table: Readonly<Record<string, AeadName>> = {
    'CHACHA20-POLY1305': 'chacha20-poly1305',
    'AES-GCM 128': 'aes-128-gcm',
    'AES-GCM 256': 'aes-256-gcm',
  };
  const name = pick(table, algorithm === 'AES-GCM' ? `AES-GCM ${integer(c, 'keySize')}` : algorithm);
  const [key, iv, aad, message] = [hex(c, 'key'), hex(c, 'iv'), hex(c, 'aad'), hex(c, 'msg')];
  const sealed = new Uint8Array(Buffer.concat([hex(c, 'ct'), hex(c, 'tag')]));
  return {
    expected: message,
    // A case counts as taken only if sealing gives exactly these bytes too.
    answers: implementations.map(using =>
      answer(() => {
        const opened = using.aeadOpen(name, key, iv, aad, sealed);
        const again = opened && using.aeadSeal(name, key, iv, aad, message);
        return again && sameBytes(again, sealed) ? opened : undefined;
      }),
    ),
  };
}

function publicKeyHex(c: JsonObject): Uint8Array {
  return isObject(c.publicKey) ? hex(c.publicKey, 'pk') : hex(c, 'publicKey');
}

function eddsa(c: JsonObject): Outcome {
  const curve = isObject(c.publicKey) ? string(c.publicKey, 'curve') : 'edwards25519';
  if (curve !== 'edwards25519') throw new Unsupported(`EdDSA on ${curve}`);
  return { expected: true, answers: verifyBoth('ed25519', c, publicKeyHex(c)) };
}

function verifyBoth(name: SignatureName, c: JsonObject, publicKey: Uint8Array): Answer[] {
  const [signature, message] = [hex(c, 'sig'), hex(c, 'msg')];
  return signatureImplementations.map(using => using.verify(name, signature, message, publicKey) || undefined);
}

function hkdf(c: JsonObject, algorithm: string): Outcome {
  const table: Readonly<Record<string, HashName>> = {
    'HKDF-SHA-256': 'sha256',
    'HKDF-SHA-384': 'sha384',
    'HKDF-SHA-512': 'sha512',
  };
  const hash = pick(table, algorithm);
  return {
    expected: hex(c, 'okm'),
    answers: implementations.map(using =>
      answer(() =>
        hkdfExpand(
          using,
          hash,
          hkdfExtract(using, hash, hex(c, 'salt'), hex(c, 'ikm')),
          hex(c, 'info'),
          integer(c, 'size'),
        ),
      ),
    ),
  };
}

function mac(c: JsonObject, algorithm: string): Outcome {
  const hash = pick<HashName>({ HMACSHA256: 'sha256', HMACSHA384: 'sha384', HMACSHA512: 'sha512' }, algorithm);
  const bytes = integer(c, 'tagSize') / 8;
  const tag = hex(c, 'tag');
  return {
    expected: true,
    answers: implementations.map(
      using => sameBytes(using.hmac(hash, hex(c, 'key'), hex(c, 'msg')).slice(0, bytes), tag) || undefined,
    ),
  };
}

function xdh(c: JsonObject): Outcome {
  const curve = pick<CurveName>({ curve25519: 'x25519', curve448: 'x448' }, string(c, 'curve'));
  const [secretKey, publicKey] = [hex(c, 'private'), hex(c, 'public')];
  return {
    expected: hex(c, 'shared'),
    answers: implementations.map(using => answer(() => using.dh(curve).secret(secretKey).shared(publicKey))),
  };
}

/** Private keys are written as signed integers: leading zeros come and go. */
function ecdhPoint(c: JsonObject): Outcome {
  const curves = { secp256r1: 'p256', secp384r1: 'p384', secp521r1: 'p521' } as const;
  const curve = pick<CurveName>(curves, string(c, 'curve'));
  const text = string(c, 'private').replace(/^0+/, '');
  const bytes = implementations[0].dh(curve).secretBytes;
  if (text.length > 2 * bytes || !/^[0-9a-fA-F]*$/.test(text)) throw new Unreadable('field private');
  const secretKey = new Uint8Array(Buffer.from(text.padStart(2 * bytes, '0'), 'hex'));
  const publicKey = hex(c, 'public');
  // HPKE knows the uncompressed form alone.
  if (publicKey[0] === 2 || publicKey[0] === 3) throw new Unsupported('compressed points');
  return {
    expected: hex(c, 'shared'),
    answers: implementations.map(using => answer(() => using.dh(curve).secret(secretKey).shared(publicKey))),
  };
}

function mlDsaSize(algorithm: string): MlDsaSize {
  return pick<MlDsaSize>({ 'ML-DSA-44': 44, 'ML-DSA-65': 65, 'ML-DSA-87': 87 }, algorithm);
}

function mlDsa(c: JsonObject, algorithm: string): Outcome {
  const size = mlDsaSize(algorithm);
  const context = optional(c, 'ctx');
  const publicKey = hex(c, 'publicKey');
  const [signature, message] = [hex(c, 'sig'), hex(c, 'msg')];
  const valid = mlDsaVerify(size, { kind: 'external', context }, publicKey, message, signature) || undefined;
  // The product's own interface has no context.
  const ours = c.ctx === undefined ? verifyBoth(`mldsa${size}`, c, publicKey) : [];
  return { expected: true, answers: [valid, ...ours] };
}

function mlDsaSigning(c: JsonObject, algorithm: string): Outcome {
  const size = mlDsaSize(algorithm);
  const by: MlDsaInterface = c.msg === undefined ? { kind: 'mu' } : { kind: 'external', context: optional(c, 'ctx') };
  const message = hex(c, c.msg === undefined ? 'mu' : 'msg');
  return {
    expected: hex(c, 'sig'),
    answers: [
      answer(() => {
        const secretKey =
          typeof c.privateSeed === 'string' ? mlDsaKey(size, hex(c, 'privateSeed')).secretKey : hex(c, 'privateKey');
        return mlDsaSign(size, by, secretKey, message, c.rnd === undefined ? undefined : hex(c, 'rnd'));
      }),
    ],
  };
}

function mlKemSize(c: JsonObject): MlKemSize {
  return pick<MlKemSize>({ 'ML-KEM-512': 512, 'ML-KEM-768': 768, 'ML-KEM-1024': 1024 }, string(c, 'parameterSet'));
}

function mlKem(c: JsonObject): Outcome {
  const size = mlKemSize(c);
  const [seed, ciphertext] = [hex(c, 'seed'), hex(c, 'c')];
  const publicKey = c.ek === undefined ? undefined : hex(c, 'ek');
  return {
    expected: hex(c, 'K'),
    answers: implementations.map(using =>
      answer(() => {
        const secret = using.mlKem(size).secret(seed);
        if (publicKey && !sameBytes(secret.publicKey, publicKey)) return undefined;
        return secret.decapsulate(ciphertext);
      }),
    ),
  };
}

function mlKemKeyGen(c: JsonObject): Outcome {
  const size = mlKemSize(c);
  const seed = hex(c, 'seed');
  const expected = new Uint8Array(Buffer.concat([hex(c, 'ek'), optional(c, 'dk')]));
  return {
    expected,
    answers: [
      answer(() => {
        const key = mlKemKey(size, seed);
        return c.dk === undefined ? key.publicKey : new Uint8Array(Buffer.concat([key.publicKey, key.secretKey]));
      }),
    ],
  };
}

function mlKemEncaps(c: JsonObject): Outcome {
  const size = mlKemSize(c);
  const [publicKey, m] = [hex(c, 'ek'), hex(c, 'm')];
  const both = (ciphertext: Uint8Array, key: Uint8Array) => new Uint8Array(Buffer.concat([ciphertext, key]));
  const expected = both(optional(c, 'c'), optional(c, 'K'));
  const made = answer(() => {
    const { cipherText, sharedSecret } = mlKemEncapsulate(size, publicKey, m);
    return both(cipherText, sharedSecret);
  });
  // The platform draws its own randomness: only whether it takes the key can be compared.
  const platform = answer(() => {
    implementations[0].mlKem(size).encapsulate(publicKey);
    return expected;
  });
  return { expected, answers: [made, platform] };
}

function mlKemDecaps(c: JsonObject): Outcome {
  const size = mlKemSize(c);
  const expected = optional(c, 'K');
  return { expected, answers: [answer(() => mlKemDecapsulate(size, hex(c, 'dk'), hex(c, 'c')))] };
}
