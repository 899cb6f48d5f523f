// Keys, hybrid signatures, sealing, statements, the Merkle log, checkpoints, witnesses.
export { concat, equalBytes, fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from './bytes/bytes.ts';
export { canonicalJson, type Json, maxDepth, maxKeys, parseCanonical } from './canonical/canonical.ts';
export { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint/checkpoint.ts';
export { mergeSignatures } from './checkpoint/merge.ts';
export {
  formatNote,
  formatSignatureLine,
  type Note,
  type NoteSignature,
  parseNote,
  parseSignatureLine,
} from './checkpoint/note.ts';
export { type Cosignatures, cosignedAt, countCosignatures, type KnownWitness, quorum } from './checkpoint/quorum.ts';
export {
  cosignCheckpoint,
  generateNoteKeys,
  type NoteKeys,
  type NoteRole,
  type NoteVkeys,
  noteKeysFromSeed,
  parseNoteVkeys,
  signCheckpoint,
} from './checkpoint/signer.ts';
export {
  formatVerifierKey,
  type NoteVerifier,
  type OpenedNote,
  openCheckpoint,
  openNote,
  parseVerifierKey,
  type SignedCheckpoint,
  signaturesBy,
  type VerifiedSignature,
  verifyNoteSignature,
} from './checkpoint/verifier.ts';
export { randomBytes, sha256 } from './crypto/index.ts';
export { TrustError, type TrustErrorCode } from './error.ts';
export {
  type HttpAlgorithm,
  type HttpSigner,
  type HttpVerifier,
  httpSigner,
  httpVerifier,
  isHttpAlgorithm,
} from './http-signature/algorithm.ts';
export { contentDigest, contentDigestFault } from './http-signature/content-digest.ts';
export type { Header, HttpMessage, HttpRequest, HttpResponse } from './http-signature/message.ts';
export { type NonceWindow, nonceWindow } from './http-signature/nonce-window.ts';
export {
  type RequestVerdict,
  type SignRequestOptions,
  signRequest,
  type VerifiedRequest,
  type VerifyRequestOptions,
  verifyRequest,
} from './http-signature/request.ts';
export { type SignMessageOptions, signMessage } from './http-signature/sign-message.ts';
export {
  type CarriedSignature,
  carriedSignatures,
  type SignatureParameters,
  signatureBase,
  signatureInput,
} from './http-signature/signature-base.ts';
export {
  type MessageVerdict,
  type VerifiedMessage,
  type VerifyMessageOptions,
  verifyMessage,
} from './http-signature/verify-message.ts';
export { fingerprintWords, namesDigest, readFingerprint } from './keys/fingerprint.ts';
export {
  decodePublicKey,
  type EncodedPublicKey,
  encodePublicKey,
  generateHybridKey,
  type HybridKey,
  type HybridPublicKey,
  type HybridSignature,
  hybridKeyFromSeed,
  keyId,
  type Signer,
  softwareSigner,
  verifyHybrid,
} from './keys/hybrid.ts';
export { type Log, type LogOptions, openLog } from './log/log.ts';
export {
  consistencyProof,
  consistencyRanges,
  emptyRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  rangeRoot,
  rootFromHashes,
  rootFromLeaves,
  verifyConsistency,
  verifyInclusion,
} from './log/merkle.ts';
export { checkpointPath, finalCheckpointPath, type LogReader, logReader, readTile } from './log/reader.ts';
export type { PublishedCheckpoint } from './log/recovery.ts';
export {
  joinBundle,
  levelCount,
  levelLength,
  maxEntryBytes,
  parseTilePath,
  splitBundle,
  type TileRef,
  tilePath,
  tilesOfLevel,
  tileWidth,
  widthAt,
} from './log/tiles.ts';
export { type TileFault, type TilesVerified, type VerifyTilesOptions, verifyTiles } from './log/verify-tiles.ts';
export type { Refusal } from './refusal.ts';
export type { Receiver, Sender } from './seal/hpke.ts';
export {
  generateSealKey,
  hpke,
  type Opener,
  open,
  opener,
  type SealKeyPair,
  seal,
  sealOverheadBytes,
  setupReceiver,
  setupSender,
} from './seal/seal.ts';
export {
  maxPayloadBytes,
  maxSigners,
  payloadType,
  preAuthEncoding,
  type SignerSignature,
  writeEnvelope,
} from './statement/envelope.ts';
export {
  type Opened,
  openStatement,
  type Payload,
  type Seen,
  signStatement,
  statementId,
  type Verified,
  verifyStatement,
  verifyStatementBeside,
} from './statement/statement.ts';
export { type BlobSource, type BlobStore, memoryStore } from './store/store.ts';
export { type AddCheckpoint, formatAddCheckpoint, parseAddCheckpoint } from './witness/request.ts';
export { openWitness, type Witness, type WitnessAnswer, type WitnessOptions } from './witness/witness.ts';
