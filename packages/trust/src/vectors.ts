// What a runner of published test vectors needs beyond the package's face: both implementations of each seam, and internal
// interfaces with given randomness. Nothing here is for building with.

import { crypto as platformSignatures } from '#crypto';
import { primitives as platform } from '#primitives';
import { crypto as portableSignatures } from './crypto/noble.ts';
import { primitives as portable } from './primitives/portable.ts';

export type { SignatureName } from './crypto/port.ts';
export * from './primitives/fips.ts';
export type { AeadName, CurveName, HashName, MlKemSize, Primitives } from './primitives/primitives.ts';
export { hkdfExpand, hkdfExtract } from './seal/hkdf.ts';
export { hpkeSuite } from './seal/hpke.ts';

/** This platform's implementation first, then the portable one. */
export const implementations = [platform, portable] as const;
export const signatureImplementations = [platformSignatures, portableSignatures] as const;
