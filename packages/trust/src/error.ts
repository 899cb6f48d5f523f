// What this package throws: an Error with a code from one closed list. What can happen in good order is a value, not an error.

/** Every code that this package throws. A message never contains a secret. */
export type TrustErrorCode =
  | 'bad-key' // a key of the wrong length, form or curve
  | 'bad-length' // bytes of another length than the algorithm takes
  | 'unsupported' // an algorithm or parameter that this build does not have
  | 'open-failed' // sealed bytes that do not open: wrong key, wrong context, or changed
  | 'message-limit' // a context has used all its nonces
  | 'bad-syntax' // text that is not what its standard says
  | 'bad-signature-input' // a signature input that cannot be applied to this message
  | 'key-file' // a file that is no key file, or holds another key than the one asked for
  | 'key-mode' // a plain secret that others than its owner can read
  | 'key-passphrase' // a passphrase that is missing, too short or wrong
  | 'key-missing' // no key file there
  | 'key-exists' // a key file that would be written over
  | 'bad-text' // not valid UTF-8, hexadecimal or base64
  | 'bad-json' // not JSON, or JSON with a value that statements do not have (fractions, lone surrogates)
  | 'not-canonical' // JSON or an envelope in another form than its one canonical form
  | 'too-deep' // JSON nested over 16 levels
  | 'too-many-keys' // JSON with over 4,096 keys
  | 'bad-shape' // a statement without a field, or with one too many
  | 'oversize' // over a stated limit
  | 'one-signature-missing' // a signer with only one of its two signatures
  | 'too-many-signers' // over four signers in one statement
  | 'bad-note' // text that is not a signed note, a checkpoint or a verifier key
  | 'bad-signature' // a known key's signature that does not verify
  | 'bad-proof' // a Merkle proof or range that cannot be
  | 'bad-path' // a store path with anything but plain names in it
  | 'missing' // a tile, bundle or checkpoint that is not in the store
  | 'log-damaged' // the log's own disk contradicts itself: nothing is signed before a person has looked
  | 'wrong-log' // a folder that holds another log, or keys of another one
  | 'disk-full' // the store has no room: nothing was acknowledged, what was acknowledged is safe
  | 'store-failed'; // the store failed otherwise

/** An error with a code; callers switch on `code`, never on the text. */
export class TrustError extends Error {
  readonly code: TrustErrorCode;

  constructor(code: TrustErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TrustError';
    this.code = code;
  }
}
