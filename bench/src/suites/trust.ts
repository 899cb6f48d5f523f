// Signing, verifying, sealing and opening, beside noble: the audited pure-JavaScript library that does the same in a browser.

import {
  generateHybridKey,
  generateSealKey,
  type HttpRequest,
  opener,
  randomBytes,
  seal,
  signRequest,
  softwareSigner,
  verifyHybrid,
  verifyRequest,
} from '@madang/trust';
import { hpkeSuite, implementations } from '@madang/trust/vectors';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import type { BenchSuite, Figure } from '../figure.ts';

const nowSeconds = 1_800_000_000;
const sealedBytes = 50_000;
const medianOf = 15;

/** Median milliseconds of one call, over batches long enough for the clock. */
async function milliseconds(run: () => unknown, batch: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < medianOf + 2; i++) {
    const start = performance.now();
    for (let k = 0; k < batch; k++) await run();
    // The first two warm up.
    if (i >= 2) times.push((performance.now() - start) / batch);
  }
  return times.sort((a, b) => a - b)[medianOf >> 1];
}

function figure(name: string, ours: number, against?: Figure['against']): Figure {
  return { name, unit: 'ms', ours, against, smallerIsBetter: true, runs: medianOf };
}

export const trustSuite: BenchSuite = async function* () {
  const message = randomBytes(1000);
  const key = generateHybridKey();
  const signer = softwareSigner(key);
  const edSecret = randomBytes(32);
  const dsa = ml_dsa65.keygen(randomBytes(32));
  const nobleSign = () => [ed25519.sign(message, edSecret), ml_dsa65.sign(message, dsa.secretKey)] as const;
  const [edSignature, dsaSignature] = nobleSign();
  const edPublic = ed25519.getPublicKey(edSecret);
  const signature = await signer.sign(message);

  yield figure('hybrid signature (Ed25519, ML-DSA-65) of 1 KB', await milliseconds(() => signer.sign(message), 60), {
    name: 'noble',
    value: await milliseconds(nobleSign, 3),
  });
  yield figure('hybrid verification', await milliseconds(() => verifyHybrid(signature, message, key.publicKey), 50), {
    name: 'noble',
    value: await milliseconds(
      () => ed25519.verify(edSignature, message, edPublic) && ml_dsa65.verify(dsaSignature, message, dsa.publicKey),
      5,
    ),
  });

  const sealKey = generateSealKey();
  const plaintext = randomBytes(sealedBytes);
  const info = randomBytes(100);
  const [, portable] = implementations.map(using => hpkeSuite({ kem: 0x647a, kdf: 1, aead: 3 }, using));
  const sealed = seal(sealKey.publicKey, info, info, plaintext);
  const open = opener(sealKey.secretKey);
  const portableSecret = portable.kem.secret(sealKey.secretKey);
  const enc = sealed.subarray(0, portable.kem.nEnc);
  const ciphertext = sealed.subarray(portable.kem.nEnc);
  yield figure(
    'seal 50 KB (X-Wing, HKDF-SHA256, ChaCha20-Poly1305)',
    await milliseconds(() => seal(sealKey.publicKey, info, info, plaintext), 50),
    {
      name: 'the same over noble',
      value: await milliseconds(() => portable.setupSender(sealKey.publicKey, info).seal(info, plaintext), 5),
      note: 'stated limit 2 ms',
    },
  );
  yield figure('open 50 KB, key read once', await milliseconds(() => open.open(info, info, sealed), 50), {
    name: 'the same over noble',
    value: await milliseconds(() => portable.setupReceiver(portableSecret, enc, info).open(info, ciphertext), 5),
  });
  const bare = () => {
    const made = ml_kem768_x25519.encapsulate(sealKey.publicKey);
    return chacha20poly1305(made.sharedSecret, new Uint8Array(12), info).encrypt(plaintext);
  };
  yield figure(
    'X-Wing and ChaCha20-Poly1305 of 50 KB',
    await milliseconds(() => seal(sealKey.publicKey, info, info, plaintext), 50),
    {
      name: 'noble without the key schedule',
      value: await milliseconds(bare, 5),
    },
  );
  yield figure('new sealing key', await milliseconds(() => generateSealKey(), 50), {
    name: 'noble',
    value: await milliseconds(() => ml_kem768_x25519.keygen(), 5),
  });

  const request: HttpRequest = {
    method: 'POST',
    url: 'https://hub.example/api/statements',
    headers: [['Content-Type', 'application/json']],
    body: message,
  };
  const headers = [...request.headers, ...(await signRequest(request, signer, { nowSeconds }))];
  yield figure('sign a request (RFC 9421)', await milliseconds(() => signRequest(request, signer, { nowSeconds }), 60));
  yield figure(
    'verify a request',
    await milliseconds(() => verifyRequest({ ...request, headers }, { nowSeconds, keyOf: () => key.publicKey }), 50),
  );
};
