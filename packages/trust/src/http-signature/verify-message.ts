// Verifying one signature of a request or a response (RFC 9421 section 3.2). Who may sign what is the caller's: it names the key,
// what must be covered, and the time.
import { utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import type { Refusal } from '../refusal.ts';
import type { HttpVerifier } from './algorithm.ts';
import type { ComponentOptions } from './component.ts';
import { contentDigestFault } from './content-digest.ts';
import { type HttpMessage, isRequest } from './message.ts';
import {
  type CarriedSignature,
  carriedSignatures,
  componentId,
  type SignatureParameters,
  signatureBase,
  signatureInput,
  signatureParameters,
} from './signature-base.ts';

export interface VerifyMessageOptions extends ComponentOptions {
  /** Which signature; left out, the message must carry exactly one. */
  readonly label?: string;
  /** The key to use, by the signature's own parameters; undefined refuses an unknown key. */
  keyFor(parameters: SignatureParameters, label: string): HttpVerifier | undefined | Promise<HttpVerifier | undefined>;
  /** Components that must be covered, as `signatureInput` takes them. */
  readonly required?: readonly string[];
  readonly tag?: string;
  /** Now, in seconds since 1970: with it, `expires` counts, and `created` too if `maxAgeSeconds` is given. */
  readonly nowSeconds?: number;
  /** How old a signature may be; it then must say when it was created. */
  readonly maxAgeSeconds?: number;
  /** How far ahead of ours the signer's clock may be; 60 unless given. */
  readonly maxSkewSeconds?: number;
}

/** What was checked. `contentDigest`: whether the body was compared, and if not, why not. */
export interface VerifiedMessage {
  readonly ok: true;
  readonly label: string;
  readonly algorithm: string;
  readonly components: readonly string[];
  readonly parameters: SignatureParameters;
  readonly contentDigest: 'matches the body' | 'not covered' | 'body not at hand';
}

export type MessageVerdict = VerifiedMessage | { readonly ok: false; readonly refusal: Refusal };

function refuse(code: string, why: string): MessageVerdict {
  return { ok: false, refusal: { code, why } };
}

/** Never throws on what a stranger sent: a message that cannot be read is refused. */
export async function verifyMessage(message: HttpMessage, options: VerifyMessageOptions): Promise<MessageVerdict> {
  try {
    const found = pick(carriedSignatures(message), options.label);
    if (!found) return refuse('signature-missing', `no signature ${options.label ? `"${options.label}"` : 'alone'}`);
    const parameters = signatureParameters(found.input);
    const untimely = timeFault(parameters, options);
    if (untimely) return untimely;
    if (options.tag !== undefined && parameters.tag !== options.tag) {
      return refuse('signature-tag', `the signature's tag is not "${options.tag}"`);
    }
    const components = found.input.items.map(componentId);
    for (const needed of signatureInput(options.required ?? [], {}).items.map(componentId)) {
      if (!components.includes(needed)) return refuse('signature-coverage', `${needed} is not covered`);
    }
    const base = signatureBase(message, found.input, options);
    const key = await options.keyFor(parameters, found.label);
    if (!key) return refuse('signature-key', 'the signing key is not known');
    if (parameters.alg !== undefined && parameters.alg !== key.algorithm) {
      return refuse('signature-algorithm', `the key is for ${key.algorithm}, the signature says otherwise`);
    }
    if (!(await key.verify(utf8(base), found.signature))) {
      return refuse('signature-wrong', `signature "${found.label}" does not verify`);
    }
    const digest = digestState(message, found);
    if (digest.fault !== undefined) return refuse('content-digest', digest.fault);
    return {
      ok: true,
      label: found.label,
      algorithm: key.algorithm,
      components,
      parameters,
      contentDigest: digest.state,
    };
  } catch (error) {
    if (error instanceof TrustError) return refuse(error.code, error.message);
    throw error;
  }
}

function pick(carried: readonly CarriedSignature[], label: string | undefined): CarriedSignature | undefined {
  if (label !== undefined) return carried.find(c => c.label === label);
  return carried.length === 1 ? carried[0] : undefined;
}

function timeFault(parameters: SignatureParameters, options: VerifyMessageOptions): MessageVerdict | undefined {
  const { nowSeconds, maxAgeSeconds, maxSkewSeconds = 60 } = options;
  if (nowSeconds === undefined) return undefined;
  const { created, expires } = parameters;
  if (expires !== undefined && expires <= nowSeconds) return refuse('signature-expired', 'the signature has expired');
  if (created !== undefined && created > nowSeconds + maxSkewSeconds) {
    return refuse('signature-early', `the signature is from ${created - nowSeconds} s ahead: compare the two clocks`);
  }
  if (maxAgeSeconds === undefined) return undefined;
  if (created === undefined) return refuse('signature-undated', 'the signature does not say when it was created');
  if (created < nowSeconds - maxAgeSeconds) {
    return refuse(
      'signature-old',
      `the signature is ${nowSeconds - created} s old, at most ${maxAgeSeconds} s are taken`,
    );
  }
  return undefined;
}

function digestState(
  message: HttpMessage,
  found: CarriedSignature,
): { readonly state: VerifiedMessage['contentDigest']; readonly fault?: string } {
  const covered = found.input.items.some(i => i.value.value === 'content-digest' && !i.parameters.has('req'));
  const ofRequest = found.input.items.some(i => i.value.value === 'content-digest' && i.parameters.has('req'));
  if (ofRequest && !isRequest(message) && message.request?.body) {
    const fault = contentDigestFault(message.request, message.request.body);
    if (fault) return { state: 'not covered', fault: `of the request: ${fault}` };
  }
  if (!covered) return { state: 'not covered' };
  if (!message.body) return { state: 'body not at hand' };
  return { state: 'matches the body', fault: contentDigestFault(message, message.body) };
}
