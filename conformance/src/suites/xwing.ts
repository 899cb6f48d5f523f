// X-Wing vectors (draft-connolly-cfrg-xwing-kem): key from seed, encapsulation from eseed, decapsulation.
import { hpkeSuite, implementations } from '@madang/trust/vectors';
import type { Suite } from '../suite.ts';
import { hex, runCases, sameBytes } from '../vector-file.ts';

const kems = implementations.map(using => hpkeSuite({ kem: 0x647a, kdf: 1, aead: 3 }, using).kem);

export const xwing: Suite = async folder =>
  runCases(folder, c => {
    const secretKey = hex(c, c['sk'] === undefined ? 'seed' : 'sk');
    const [publicKey, enc, sharedSecret] = [hex(c, 'pk'), hex(c, 'ct'), hex(c, 'ss')];
    const [, portable] = kems;
    const made = portable.encapsulate(publicKey, hex(c, 'eseed'));
    return (
      sameBytes(made.enc, enc) &&
      sameBytes(made.sharedSecret, sharedSecret) &&
      kems.every(kem => {
        const secret = kem.secret(secretKey);
        return sameBytes(secret.publicKey, publicKey) && sameBytes(secret.decapsulate(enc), sharedSecret);
      })
    );
  });
