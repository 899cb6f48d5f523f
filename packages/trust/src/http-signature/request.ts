// Members' requests: RFC 9421 as the hub, its nodes and the command line use it. One signature base, signed by both halves of a
// hybrid key under two labels: the base does not hold the label, so one act of signing covers both; and both are required.
// Trap: `alg` is left out on purpose, since the two labels share the parameters; the label names the half.
import { crypto } from '#crypto';
import { toBase64, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import { type HybridPublicKey, type Signer, verifyHybrid } from '../keys/hybrid.ts';
import type { Refusal } from '../refusal.ts';
import { contentDigest } from './content-digest.ts';
import { fieldValue, type Header, type HttpRequest } from './message.ts';
import { carriedSignatures, signatureBase, signatureInput } from './signature-base.ts';
import { item, serializeDictionary, serializeMember } from './structured-field.ts';
import { verifyMessage } from './verify-message.ts';

const tag = 'madang-request-v1';
const halves = ['ed25519', 'mldsa65'] as const;
const always = ['@method', '@authority', '@path', '@query', 'content-digest'];
const defaultMaxAgeSeconds = 300;
const nonceBytes = 16;

export interface SignRequestOptions {
  /** Now, in seconds since 1970. */
  readonly nowSeconds: number;
  /** Fresh random bytes unless given. */
  readonly nonce?: string;
}

/**
 * The fields to add to a request: Content-Digest (of an empty body too), Signature-Input, Signature. Covered are the method, the
 * authority, path and query, the digest, and Content-Type where there is one. The scheme is not: it changes behind a proxy.
 * Trap: `fetch` adds a Content-Type of its own to a body of text, which would then not be covered: give one, or a body of bytes.
 */
export async function signRequest(
  request: HttpRequest,
  signer: Signer,
  options: SignRequestOptions,
): Promise<readonly Header[]> {
  const digest: Header = ['Content-Digest', contentDigest(request.body ?? new Uint8Array(0))];
  const message = { ...request, headers: [...withoutField(request.headers, 'content-digest'), digest] };
  const input = signatureInput(componentsOf(message), {
    created: options.nowSeconds,
    nonce: options.nonce ?? toBase64(crypto.randomBytes(nonceBytes)),
    keyid: signer.keyId,
    tag,
  });
  const signature = await signer.sign(utf8(signatureBase(message, input)));
  return [
    digest,
    ['Signature-Input', serializeDictionary(new Map(halves.map(half => [half, input])))],
    ['Signature', serializeDictionary(new Map(halves.map(h => [h, item({ kind: 'bytes', value: signature[h] })])))],
  ];
}

export interface VerifyRequestOptions {
  /** The public key of a key id, or undefined where it is not (or no longer) known. */
  keyOf(keyId: string): HybridPublicKey | undefined | Promise<HybridPublicKey | undefined>;
  /** Now, in seconds since 1970. */
  readonly nowSeconds: number;
  /** 300 unless given. */
  readonly maxAgeSeconds?: number;
}

export interface VerifiedRequest {
  readonly ok: true;
  readonly keyId: string;
  readonly created: number;
  /** To be remembered for as long as a signature is taken (`nonceWindow`): the same one again is a replay. */
  readonly nonce: string;
  readonly components: readonly string[];
}

export type RequestVerdict = VerifiedRequest | { readonly ok: false; readonly refusal: Refusal };

/**
 * Checks a request that `signRequest` signed: both halves, coverage, freshness, and the digest against `request.body` (none
 * counts as empty). `request.url` must be what the server calls itself. Never throws on what a stranger sent.
 */
export async function verifyRequest(request: HttpRequest, options: VerifyRequestOptions): Promise<RequestVerdict> {
  const refuse = (code: string, why: string): RequestVerdict => ({ ok: false, refusal: { code, why } });
  const message = { ...request, body: request.body ?? new Uint8Array(0) };
  try {
    const carried = carriedSignatures(message);
    const [first, second] = halves.map(half => carried.find(c => c.label === half));
    if (!first || !second) return refuse('one-signature-missing', `both signatures are needed: ${halves.join(', ')}`);
    if (serializeMember(first.input) !== serializeMember(second.input)) {
      return refuse('signature-inputs-differ', 'the two signatures do not cover the same');
    }
    let key: HybridPublicKey | undefined;
    // Both halves verify inside this one call: the verifier it gets takes the second signature along.
    const verdict = await verifyMessage(message, {
      label: halves[0],
      tag,
      required: componentsOf(message),
      nowSeconds: options.nowSeconds,
      maxAgeSeconds: options.maxAgeSeconds ?? defaultMaxAgeSeconds,
      async keyFor({ keyid, nonce }) {
        if (keyid === undefined || nonce === undefined) return undefined;
        key = await options.keyOf(keyid);
        return (
          key && {
            algorithm: 'ed25519',
            verify: async (base, signature) =>
              verifyHybrid({ ed25519: signature, mldsa65: second.signature }, base, key as HybridPublicKey),
          }
        );
      },
    });
    if (!verdict.ok) return verdict;
    const { keyid, created, nonce } = verdict.parameters;
    return {
      ok: true,
      keyId: keyid as string,
      created: created as number,
      nonce: nonce as string,
      components: verdict.components,
    };
  } catch (error) {
    if (error instanceof TrustError) return refuse(error.code, error.message);
    throw error;
  }
}

function componentsOf(request: HttpRequest): string[] {
  return fieldValue(request.headers, 'content-type') === undefined ? always : [...always, 'content-type'];
}

function withoutField(headers: readonly Header[], name: string): Header[] {
  return headers.filter(([n]) => n.toLowerCase() !== name);
}
