// Values of message components (RFC 9421 section 2): fields with sf, key, bs, tr and req, and derived components.
// Trap: query parameters are decoded as a form and encoded again, so that `+` and `%20` sign alike.
import { utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import { fieldLines, fieldValue, type HttpMessage, type HttpRequest, isRequest } from './message.ts';
import { type Item, item, serializeDictionary, serializeList, serializeMember } from './structured-field.ts';
import { parseDictionary, parseItem, parseList } from './structured-parse.ts';

export type StructuredType = 'item' | 'list' | 'dictionary';

/** Fields that are structured by their own standard: what `sf` works on unless the caller knows more. */
const structuredFields: Readonly<Record<string, StructuredType>> = {
  'accept-ch': 'list',
  'accept-signature': 'dictionary',
  'cache-status': 'list',
  'cdn-cache-control': 'dictionary',
  'client-cert': 'item',
  'client-cert-chain': 'list',
  'content-digest': 'dictionary',
  'cross-origin-embedder-policy': 'item',
  'cross-origin-opener-policy': 'item',
  priority: 'dictionary',
  'proxy-status': 'list',
  'repr-digest': 'dictionary',
  signature: 'dictionary',
  'signature-input': 'dictionary',
  'want-content-digest': 'dictionary',
  'want-repr-digest': 'dictionary',
};

export interface ComponentOptions {
  /** Types of further structured fields, by lower-case name. */
  readonly structuredFields?: Readonly<Record<string, StructuredType>>;
}

function refuse(identifier: Item, why: string): TrustError {
  return new TrustError('bad-signature-input', `component ${serializeMember(identifier)}: ${why}`);
}

/**
 * The value of one component, identified by a string item with parameters. Throws TrustError 'bad-signature-input' when the
 * message has no such component, or parameters contradict each other, or the value cannot stand on one ASCII line.
 */
export function componentValue(message: HttpMessage, identifier: Item, options: ComponentOptions = {}): string {
  const { value: name, parameters } = identifier;
  if (name.kind !== 'string') throw refuse(identifier, 'a component is named by a string');
  if (name.value !== name.value.toLowerCase()) throw refuse(identifier, 'a component has a lower-case name');
  let source = message;
  if (flag(identifier, 'req')) {
    if (isRequest(message) || !message.request) throw refuse(identifier, 'there is no request that this answers');
    source = message.request;
  }
  const known = name.value.startsWith('@') ? ['req', 'name'] : ['req', 'sf', 'key', 'bs', 'tr'];
  for (const key of parameters.keys()) {
    if (!known.includes(key)) throw refuse(identifier, `parameter "${key}" is not known here`);
  }
  const value = name.value.startsWith('@')
    ? derived(source, name.value, identifier)
    : field(source, name.value, identifier, options);
  if (!/^[\x20-\x7e\t]*$/.test(value)) throw refuse(identifier, 'its value is not one line of ASCII');
  return value;
}

function flag(identifier: Item, key: string): boolean {
  const value = identifier.parameters.get(key);
  if (value === undefined) return false;
  if (value.kind !== 'boolean') throw refuse(identifier, `parameter "${key}" takes no value`);
  return value.value;
}

function text(identifier: Item, key: string): string | undefined {
  const value = identifier.parameters.get(key);
  if (value === undefined) return undefined;
  if (value.kind !== 'string') throw refuse(identifier, `parameter "${key}" takes a string`);
  return value.value;
}

function field(message: HttpMessage, name: string, identifier: Item, options: ComponentOptions): string {
  const headers = flag(identifier, 'tr') ? (message.trailers ?? []) : message.headers;
  const lines = fieldLines(headers, name);
  if (lines.length === 0) throw refuse(identifier, 'the message has no such field');
  const key = text(identifier, 'key');
  const asBytes = flag(identifier, 'bs');
  const structured = flag(identifier, 'sf');
  if (asBytes && (structured || key !== undefined)) throw refuse(identifier, 'bs does not go with sf or key');
  if (asBytes) return serializeList(lines.map(line => item({ kind: 'bytes', value: octets(line) })));
  const combined = lines.join(', ');
  if (key !== undefined) {
    const member = parseDictionary(combined).get(key);
    if (!member) throw refuse(identifier, 'the dictionary has no such key');
    return serializeMember(member);
  }
  if (!structured) return combined;
  switch (options.structuredFields?.[name] ?? structuredFields[name]) {
    case 'dictionary':
      return serializeDictionary(parseDictionary(combined));
    case 'list':
      return serializeList(parseList(combined));
    case 'item':
      return serializeMember(parseItem(combined));
    default:
      throw refuse(identifier, 'whether this field is an item, a list or a dictionary is not known');
  }
}

/** A field value as octets: HTTP libraries hand them over as a code unit each; text beyond that is taken as UTF-8. */
function octets(line: string): Uint8Array {
  const bytes = Uint8Array.from(line, c => c.charCodeAt(0));
  return Array.from(line).every((c, i) => c.charCodeAt(0) === bytes[i]) ? bytes : utf8(line);
}

function derived(message: HttpMessage, name: string, identifier: Item): string {
  const parameter = text(identifier, 'name');
  if ((name === '@query-param') !== (parameter !== undefined)) {
    throw refuse(identifier, 'the parameter "name" belongs to @query-param alone');
  }
  if (name === '@status') {
    if (isRequest(message)) throw refuse(identifier, 'a request has no status');
    return String(message.status).padStart(3, '0');
  }
  if (!isRequest(message)) throw refuse(identifier, 'a response has no such component');
  switch (name) {
    case '@method':
      return message.method;
    case '@target-uri':
      return targetUri(message).href;
    case '@authority':
      return targetUri(message).host;
    case '@scheme':
      return targetUri(message).protocol.slice(0, -1);
    case '@request-target':
      return message.requestTarget ?? targetUri(message).pathname + targetUri(message).search;
    case '@path':
      return targetUri(message).pathname;
    case '@query':
      return targetUri(message).search || '?';
    case '@query-param':
      return queryParameter(message, parameter as string, identifier);
    default:
      throw refuse(identifier, 'this component is not known');
  }
}

/** The target URI without a fragment: scheme and host lower-case, no default port, an empty path as `/`. */
function targetUri(request: HttpRequest): URL {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(request.url);
  const host = fieldValue(request.headers, 'host') ?? '';
  // A URL parser takes `https:///x` for the host x, and `https://a@b/` for the host b.
  const fits = absolute || (request.url.startsWith('/') && /^[^/?#@\\\s]+$/.test(host));
  const url = fits ? URL.parse(absolute ? request.url : `https://${host}${request.url}`) : null;
  if (!url) {
    throw new TrustError('bad-signature-input', 'the request has neither an absolute URL nor a path and a Host field');
  }
  url.hash = '';
  return url;
}

function queryParameter(request: HttpRequest, name: string, identifier: Item): string {
  const values = [...targetUri(request).searchParams].filter(([key]) => formEncode(key) === name);
  if (values.length === 0) throw refuse(identifier, 'the query has no such parameter');
  if (values.length > 1) throw refuse(identifier, 'the query has this parameter more than once: cover @query');
  return formEncode(values[0][1]);
}

/** The form's percent-encode set with spaces as %20 (RFC 9421 section 2.2.8). */
function formEncode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!~'()]/g,
    c => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
