// HTTP messages as signatures see them: plain data, however they came.

/** Field lines in order of arrival; names in any case, values without the line's end. */
export type Header = readonly [name: string, value: string];

export interface HttpRequest {
  /** As sent: methods are case-sensitive. */
  readonly method: string;
  /**
   * Absolute, or the path and query with the authority in a Host field (https is then assumed). A server writes its own public
   * origin here, not what a stranger's Host field says.
   */
  readonly url: string;
  readonly headers: readonly Header[];
  readonly trailers?: readonly Header[];
  /** The content; undefined where it is not at hand, which leaves Content-Digest unchecked. */
  readonly body?: Uint8Array;
  /** The request target in another than the origin form (RFC 9421 section 2.2.5): `*`, an authority, an absolute URI. */
  readonly requestTarget?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly trailers?: readonly Header[];
  readonly body?: Uint8Array;
  /** The request that this answers, for components with `req`. */
  readonly request?: HttpRequest;
}

export type HttpMessage = HttpRequest | HttpResponse;

export function isRequest(message: HttpMessage): message is HttpRequest {
  return 'method' in message;
}

/** Values of all lines of one field, trimmed and unfolded (RFC 9421 section 2.1); names match in any case. */
export function fieldLines(headers: readonly Header[], name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([n]) => n.toLowerCase() === wanted).map(([, value]) => unfolded(value));
}

/** A field's combined value, or undefined when there is no such line. */
export function fieldValue(headers: readonly Header[], name: string): string | undefined {
  const lines = fieldLines(headers, name);
  return lines.length === 0 ? undefined : lines.join(', ');
}

/** Without the white space around it; a value folded over lines (obs-fold) becomes one line. In linear time, unlike a pattern. */
function unfolded(value: string): string {
  if (!/\n[ \t]/.test(value)) return trimmed(value);
  return value
    .split('\n')
    .map(line => trimmed(line.endsWith('\r') ? line.slice(0, -1) : line))
    .join(' ');
}

function trimmed(value: string): string {
  const blank = (at: number) => value[at] === ' ' || value[at] === '\t';
  let start = 0;
  let end = value.length;
  while (start < end && blank(start)) start += 1;
  while (end > start && blank(end - 1)) end -= 1;
  return value.slice(start, end);
}
