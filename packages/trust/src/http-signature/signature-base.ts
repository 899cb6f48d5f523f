// The signature base (RFC 9421 section 2.5) and the fields that carry signatures (section 4).
// Trap: the label is not signed; what is covered and the parameters are, in their order, by the last line.
import { TrustError } from '../error.ts';
import { type ComponentOptions, componentValue } from './component.ts';
import { fieldValue, type HttpMessage } from './message.ts';
import { type BareItem, type InnerList, type Item, item, serializeMember } from './structured-field.ts';
import { parseDictionary, parseItem } from './structured-parse.ts';

/** Parameters that RFC 9421 section 2.3 registers; times in seconds since 1970. */
export interface SignatureParameters {
  readonly created?: number;
  readonly expires?: number;
  readonly nonce?: string;
  readonly alg?: string;
  readonly keyid?: string;
  readonly tag?: string;
}

/** One signature as a message carries it. */
export interface CarriedSignature {
  readonly label: string;
  readonly input: InnerList;
  readonly signature: Uint8Array;
}

const kinds: Readonly<Record<keyof SignatureParameters, 'integer' | 'string'>> = {
  created: 'integer',
  expires: 'integer',
  nonce: 'string',
  alg: 'string',
  keyid: 'string',
  tag: 'string',
};

/**
 * What is covered and under which parameters. Components are written as in the standard's text, the quotes of the name left
 * out: `@method`, `content-digest`, `@query-param;name="Pet"`, `example-dict;key="a";req`.
 */
export function signatureInput(components: readonly string[], parameters: SignatureParameters): InnerList {
  const items = components.map(text => {
    const name = text.split(';', 1)[0];
    return parseItem(`"${name}"${text.slice(name.length)}`);
  });
  const given = new Map<string, BareItem>();
  for (const [key, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    given.set(key, { kind: kinds[key as keyof SignatureParameters], value } as BareItem);
  }
  return { kind: 'inner-list', items, parameters: given };
}

/** The registered parameters of an input; others are signed all the same. Throws 'bad-signature-input' on a wrong type. */
export function signatureParameters(input: InnerList): SignatureParameters {
  const found: Record<string, string | number> = {};
  for (const [key, kind] of Object.entries(kinds)) {
    const value = input.parameters.get(key);
    if (value === undefined) continue;
    if (value.kind !== kind) throw new TrustError('bad-signature-input', `signature parameter "${key}" is no ${kind}`);
    found[key] = value.value as string | number;
  }
  return found;
}

/** Throws TrustError 'bad-signature-input' where the input cannot be applied to this message. */
export function signatureBase(message: HttpMessage, input: InnerList, options?: ComponentOptions): string {
  const seen = new Set<string>();
  let base = '';
  for (const identifier of input.items) {
    const once = componentId(identifier);
    if (seen.has(once)) throw new TrustError('bad-signature-input', `component ${once} is covered twice`);
    seen.add(once);
    base += `${serializeMember(identifier)}: ${componentValue(message, identifier, options)}\n`;
  }
  return `${base}"@signature-params": ${serializeMember(input)}`;
}

/** A component identifier whatever the order of its parameters. */
export function componentId(identifier: Item): string {
  const sorted = [...identifier.parameters].sort(([a], [b]) => (a < b ? -1 : 1));
  return serializeMember(item(identifier.value, new Map(sorted)));
}

/**
 * All signatures of a message, in the order of Signature-Input. A label with an input alone, or a signature alone, is left out:
 * it is no signature. Throws TrustError 'bad-syntax' or 'bad-signature-input' on fields that are not what they should be.
 */
export function carriedSignatures(message: HttpMessage): CarriedSignature[] {
  const inputs = parseDictionary(fieldValue(message.headers, 'signature-input') ?? '');
  const signatures = parseDictionary(fieldValue(message.headers, 'signature') ?? '');
  const carried: CarriedSignature[] = [];
  for (const [label, input] of inputs) {
    const signature = signatures.get(label);
    if (!signature) continue;
    if (input.kind !== 'inner-list') throw new TrustError('bad-signature-input', `input "${label}" is no list`);
    if (signature.kind !== 'item' || signature.value.kind !== 'bytes') {
      throw new TrustError('bad-signature-input', `signature "${label}" is no byte sequence`);
    }
    carried.push({ label, input, signature: signature.value.value });
  }
  return carried;
}
