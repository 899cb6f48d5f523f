// Wycheproof's cases of ML-KEM (FIPS 203) and ML-DSA (FIPS 204).
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
import { hex, type JsonObject, sameBytes, string } from '../../vector-file.ts';
import { answer, type Outcome, optional, pick, verifyBoth } from './answers.ts';

function mlDsaSize(algorithm: string): MlDsaSize {
  return pick<MlDsaSize>({ 'ML-DSA-44': 44, 'ML-DSA-65': 65, 'ML-DSA-87': 87 }, algorithm);
}

export function mlDsa(c: JsonObject, algorithm: string): Outcome {
  const size = mlDsaSize(algorithm);
  const context = optional(c, 'ctx');
  const publicKey = hex(c, 'publicKey');
  const [signature, message] = [hex(c, 'sig'), hex(c, 'msg')];
  const valid = mlDsaVerify(size, { kind: 'external', context }, publicKey, message, signature) || undefined;
  // The product's own interface has no context.
  const ours = c.ctx === undefined ? verifyBoth(`mldsa${size}`, c, publicKey) : [];
  return { expected: true, answers: [valid, ...ours] };
}

export function mlDsaSigning(c: JsonObject, algorithm: string): Outcome {
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

export function mlKem(c: JsonObject): Outcome {
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

export function mlKemKeyGen(c: JsonObject): Outcome {
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

export function mlKemEncaps(c: JsonObject): Outcome {
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

export function mlKemDecaps(c: JsonObject): Outcome {
  const size = mlKemSize(c);
  const expected = optional(c, 'K');
  return { expected, answers: [answer(() => mlKemDecapsulate(size, hex(c, 'dk'), hex(c, 'c')))] };
}
