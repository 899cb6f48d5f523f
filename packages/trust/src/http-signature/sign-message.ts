// Signing a request or a response (RFC 9421 section 3.1).
import { utf8 } from '../bytes/bytes.ts';
import type { HttpSigner } from './algorithm.ts';
import type { ComponentOptions } from './component.ts';
import type { Header, HttpMessage } from './message.ts';
import { type SignatureParameters, signatureBase, signatureInput } from './signature-base.ts';
import { item, serializeDictionary } from './structured-field.ts';

export interface SignMessageOptions extends ComponentOptions {
  /** Names this signature within the message. */
  readonly label: string;
  /** As `signatureInput` takes them. */
  readonly components: readonly string[];
  readonly parameters: SignatureParameters;
}

/** The two fields to add. A message that carries other signatures gets them as further lines. */
export async function signMessage(
  message: HttpMessage,
  signer: HttpSigner,
  options: SignMessageOptions,
): Promise<readonly Header[]> {
  const input = signatureInput(options.components, options.parameters);
  const value = await signer.sign(utf8(signatureBase(message, input, options)));
  return [
    ['Signature-Input', serializeDictionary(new Map([[options.label, input]]))],
    ['Signature', serializeDictionary(new Map([[options.label, item({ kind: 'bytes', value })]]))],
  ];
}
