// TurboSHAKE128 (RFC 9861) in plain TypeScript on 64-bit lanes held as BigInt, over the memory of the twin kernel.
// State: 25 little-endian lanes, then a 32-bit position in the 168-byte rate, then the domain byte.
import type { Kernel, Pointer } from './kernel.ts';

const rateBytes = 168;
const positionAt = 200;
const domainAt = 204;
const mask = (1n << 64n) - 1n;

/** The last twelve round constants of Keccak-f[1600] (FIPS 202, section 3.2.5). */
const roundConstants = [
  0x000000008000808bn,
  0x800000000000008bn,
  0x8000000000008089n,
  0x8000000000008003n,
  0x8000000000008002n,
  0x8000000000000080n,
  0x000000000000800an,
  0x800000008000000an,
  0x8000000080008081n,
  0x8000000000008080n,
  0x0000000080000001n,
  0x8000000080008008n,
] as const;

/** Keccak-p[1600, 12] on 25 lanes, lane (x, y) at x + 5y. */
function permute(a: bigint[]): void {
  for (const constant of roundConstants) {
    const c = [0, 1, 2, 3, 4].map(x => a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]);
    for (let x = 0; x < 5; x++) {
      const d = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1);
      for (let y = 0; y < 25; y += 5) a[x + y] ^= d;
    }
    // Rho and pi together: walk the 24 lanes that move, the offsets are the triangular numbers.
    let x = 1;
    let y = 0;
    let lane = a[1];
    for (let t = 1; t <= 24; t++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const next = a[x + 5 * y];
      a[x + 5 * y] = rotate(lane, ((t * (t + 1)) / 2) % 64);
      lane = next;
    }
    for (let row = 0; row < 25; row += 5) {
      const b = a.slice(row, row + 5);
      for (let i = 0; i < 5; i++) a[row + i] = b[i] ^ (~b[(i + 1) % 5] & mask & b[(i + 2) % 5]);
    }
    a[0] ^= constant;
  }
}

function rotate(x: bigint, n: number): bigint {
  return ((x << BigInt(n)) | (x >> BigInt(64 - n))) & mask;
}

type Sponge = Pick<Kernel, 'xofStart' | 'xofAbsorb' | 'xofFinish' | 'xofRead'>;

export function twinSponge(bytes: () => Uint8Array): Sponge {
  const view = (state: Pointer) => new DataView(bytes().buffer, state);

  function permuteAt(state: Pointer): void {
    const v = view(state);
    const lanes = Array.from({ length: 25 }, (_, i) => v.getBigUint64(8 * i, true));
    permute(lanes);
    lanes.forEach((lane, i) => {
      v.setBigUint64(8 * i, lane, true);
    });
  }

  return {
    xofStart(state, domain) {
      bytes().fill(0, state, state + positionAt + 8);
      bytes()[state + domainAt] = domain;
    },
    xofAbsorb(state, input, length) {
      const memory = bytes();
      let position = view(state).getUint32(positionAt, true);
      for (let i = 0; i < length; i++) {
        memory[state + position] ^= memory[input + i];
        if (++position === rateBytes) {
          permuteAt(state);
          position = 0;
        }
      }
      view(state).setUint32(positionAt, position, true);
    },
    xofFinish(state) {
      const position = view(state).getUint32(positionAt, true);
      const memory = bytes();
      memory[state + position] ^= memory[state + domainAt];
      memory[state + rateBytes - 1] ^= 0x80;
      permuteAt(state);
      view(state).setUint32(positionAt, 0, true);
    },
    xofRead(state, out, length) {
      const memory = bytes();
      let position = view(state).getUint32(positionAt, true);
      for (let i = 0; i < length; i++) {
        if (position === rateBytes) {
          permuteAt(state);
          position = 0;
        }
        memory[out + i] = memory[state + position++];
      }
      view(state).setUint32(positionAt, position, true);
    },
  };
}
