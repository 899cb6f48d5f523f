// HTTP message signatures: RFC 9421's own examples (a message, its signature input, base and signature, and keys by name) and
// C2SP's ML-DSA vectors (a seed, a base, a deterministic signature). Each case is verified; where signing gives one answer it is
// signed again as well; and the same signature must not verify over a changed base.
import {
  carriedSignatures,
  type Header,
  type HttpMessage,
  httpSigner,
  httpVerifier,
  isHttpAlgorithm,
  signatureBase,
  verifyMessage,
} from '@madang/trust';
import { type MlDsaSize, mlDsaKey, mlDsaSign } from '@madang/trust/vectors';
import { type Suite, Tally } from '../suite.ts';
import {
  hex,
  isObject,
  type Json,
  type JsonObject,
  readJsonFolder,
  runCaseAsync,
  sameBytes,
  string,
  Unreadable,
  Unsupported,
} from '../vector-file.ts';

interface Key {
  readonly algorithm: string;
  readonly publicKey?: Uint8Array;
  readonly secret?: Uint8Array;
}

export const httpSignatures: Suite = async folder => {
  const tally = new Tally();
  const files = readJsonFolder(folder, tally);
  // A file may use the keys of another one.
  const keys = new Map<string, Key | Error>();
  for (const { content } of files) {
    if (!isObject(content) || !isObject(content.keys)) continue;
    for (const [name, key] of Object.entries(content.keys)) keys.set(name, readKey(key));
  }
  for (const { name, content } of files) {
    const cases = casesOf(content);
    if (cases.length === 0) tally.unreadable.push(`${name}: not a list of cases`);
    for (const [i, c] of cases.entries()) {
      await runCaseAsync(tally, `${name} ${c.id ?? i}`, () => {
        if (c.message !== undefined || c.request !== undefined || c.response !== undefined) return runMessage(c, keys);
        if (c.signature_base_base64 !== undefined) return runBase(c);
        throw new Unreadable('neither a message nor a signature base');
      });
    }
  }
  return tally;
};

function casesOf(content: Json): JsonObject[] {
  if (Array.isArray(content)) return content.filter(isObject);
  if (!isObject(content)) return [];
  return Object.entries(content)
    .filter(([name, value]) => name !== 'keys' && Array.isArray(value))
    .flatMap(([, value]) => (value as readonly Json[]).filter(isObject));
}

function readKey(key: Json): Key | Error {
  try {
    if (!isObject(key)) throw new Unreadable('a key is no object');
    const algorithm = string(key, 'alg');
    if (typeof key.secretBase64 === 'string') {
      const secret = base64(key.secretBase64);
      return { algorithm, publicKey: secret, secret };
    }
    const jwk = [key.privateJwk, key.publicJwk].find(isObject);
    if (jwk && jwk.kty === 'OKP') {
      const secret = typeof jwk.d === 'string' ? base64(jwk.d) : undefined;
      return { algorithm, publicKey: base64(string(jwk, 'x')), secret };
    }
    if (typeof key.publicPem === 'string') {
      const secret = typeof key.privatePem === 'string' ? pem(key.privatePem) : undefined;
      return { algorithm, publicKey: pem(key.publicPem), secret };
    }
    throw new Unsupported('a key in a form that is not known');
  } catch (error) {
    return error as Error;
  }
}

function base64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function pem(text: string): Uint8Array {
  return base64(text.replace(/-----[^-]+-----/g, ''));
}

const verdictFields = 'valid verifies verify verified expectValid shouldVerify expect expected ok result outcome'.split(
  ' ',
);

/** Whatever a file calls it: a case is good unless it says otherwise. */
function expectedToVerify(c: JsonObject): boolean {
  for (const name of verdictFields) {
    const value = c[name];
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(invalid|reject|fail|refuse|bad)/i.test(value)) return false;
  }
  return !(c.wantErr === true || c.invalid === true || c.shouldFail === true);
}

async function runMessage(c: JsonObject, keys: ReadonlyMap<string, Key | Error>): Promise<boolean> {
  const message = readMessage(c);
  const [carried] = carriedSignatures(message);
  if (!carried) throw new Unreadable('no signature');
  const keyName = typeof c.key === 'string' ? c.key : carried.input.parameters.get('keyid')?.value;
  const key = keys.get(String(keyName));
  if (key instanceof Error) throw key;
  if (!key) throw new Unreadable(`key "${keyName}" is in no file here`);
  if (!isHttpAlgorithm(key.algorithm)) throw new Unsupported(`algorithm ${key.algorithm}`);
  const { algorithm } = key;
  const verifier = await httpVerifier(algorithm, key.publicKey as Uint8Array);

  const wanted = expectedToVerify(c);
  const verdict = await verifyMessage(message, { label: carried.label, keyFor: () => verifier });
  if (verdict.ok !== wanted) throw new Error(verdict.ok ? 'it verifies and must not' : verdict.refusal.why);
  if (!wanted) return true;

  const base = signatureBase(message, carried.input);
  if (typeof c.signatureBase === 'string' && base !== c.signatureBase) throw new Error('the signature base differs');
  const bytes = new TextEncoder().encode(base);
  if (key.secret && (c.deterministic === true || algorithm === 'ed25519' || algorithm === 'hmac-sha256')) {
    const again = await (await httpSigner(algorithm, key.secret)).sign(bytes);
    if (!sameBytes(again, carried.signature)) throw new Error('signing again gives another signature');
  }
  const changed = new TextEncoder().encode(`${base} `);
  return !(await verifier.verify(changed, carried.signature));
}

function readMessage(c: JsonObject): HttpMessage {
  const [own] = [c.message, c.response, c.request].filter(isObject);
  if (!own) throw new Unreadable('the message is no object');
  const added = (['signatureInput', 'signature'] as const).flatMap((field): Header[] =>
    typeof c[field] === 'string' ? [[field === 'signature' ? 'Signature' : 'Signature-Input', c[field]]] : [],
  );
  const message = readOne(own, added);
  const request = [own.request, own === c.request ? undefined : c.request].find(isObject);
  return 'status' in message && request ? { ...message, request: readOne(request, []) as never } : message;
}

function readOne(m: JsonObject, added: readonly Header[]): HttpMessage {
  const common = {
    headers: [...readHeaders(m.headers ?? []), ...added],
    trailers: readHeaders(m.trailers ?? []),
    body: typeof m.body === 'string' ? new TextEncoder().encode(m.body) : undefined,
  };
  if (typeof m.status === 'number') return { status: m.status, ...common };
  const url = typeof m.url === 'string' ? m.url : string(m, 'path');
  return { method: string(m, 'method'), url, ...common };
}

/** A list of pairs, or an object. */
function readHeaders(headers: Json): Header[] {
  const pairs = Array.isArray(headers) ? headers : isObject(headers) ? Object.entries(headers) : [];
  return pairs.flatMap((pair): Header[] => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string') throw new Unreadable('a header is no pair');
    const [name, value] = pair;
    return (Array.isArray(value) ? value : [value]).map(v => [name, String(v)]);
  });
}

/** C2SP httpsig-pq: the base is given; a message that has it is made from its lines, so that our own base is tested too. */
async function runBase(c: JsonObject): Promise<boolean> {
  const algorithm = string(c, 'algorithm');
  if (!isHttpAlgorithm(algorithm) || !algorithm.startsWith('ml-dsa-')) throw new Unsupported(`algorithm ${algorithm}`);
  const size = Number(algorithm.slice(7)) as MlDsaSize;
  const base = base64(string(c, 'signature_base_base64'));
  const signature = base64(string(c, 'deterministic_signature_base64'));
  const publicKey = base64(string(c, 'public_key_base64'));
  const seed = hex(c, 'private_key_seed_hex');

  const key = mlDsaKey(size, seed);
  if (!sameBytes(key.publicKey, publicKey)) throw new Error('the seed gives another public key');
  const again = mlDsaSign(size, { kind: 'external', context: new Uint8Array(0) }, key.secretKey, base);
  if (!sameBytes(again, signature)) throw new Error('signing again gives another signature');

  const text = new TextDecoder().decode(base);
  const message = messageOf(text, string(c, 'serialized_signature_input'), signature);
  const [carried] = carriedSignatures(message);
  if (signatureBase(message, carried.input) !== text) throw new Error('the signature base differs');
  const verifier = await httpVerifier(algorithm, publicKey);
  const verdict = await verifyMessage(message, { keyFor: () => verifier });
  if (!verdict.ok) throw new Error(verdict.refusal.why);
  const hedged = await (await httpSigner(algorithm, seed)).sign(base);
  if (!(await verifier.verify(base, hedged))) throw new Error('our own signature does not verify');
  return !(await verifier.verify(new TextEncoder().encode(`${text} `), signature));
}

function messageOf(base: string, inputLine: string, signature: Uint8Array): HttpMessage {
  const lines = new Map(
    base.split('\n').map(line => /^"([^"]+)"[^:]*: (.*)$/.exec(line)?.slice(1) as [string, string]),
  );
  const input = inputLine.replace(/^signature-input:\s*/i, '');
  const label = input.slice(0, input.indexOf('='));
  const headers = [...lines].filter(([name]) => !name.startsWith('@'));
  return {
    method: lines.get('@method') ?? 'GET',
    url: lines.get('@target-uri') ?? 'https://example.com/',
    headers: [
      ...headers,
      ['Signature-Input', input],
      ['Signature', `${label}=:${Buffer.from(signature).toString('base64')}:`],
    ],
  };
}
