// The examples of RFC 9421 section 2, and what it refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrustError } from '../error.ts';
import type { HttpMessage, HttpRequest, HttpResponse } from './message.ts';
import { signatureBase, signatureInput } from './signature-base.ts';

const request: HttpRequest = {
  method: 'GET',
  url: 'https://www.example.com/path?param=value',
  headers: [
    ['Host', 'www.example.com'],
    ['Date', 'Tue, 20 Apr 2021 02:07:56 GMT'],
    ['X-OWS-Header', '   Leading and trailing whitespace.   '],
    ['X-Obs-Fold-Header', 'Obsolete\n    line folding.'],
    ['Cache-Control', 'max-age=60'],
    ['Cache-Control', '   must-revalidate'],
    ['Example-Dict', ' a=1,    b=2;x=1;y=2,   c=(a   b   c), d'],
    ['Example-Header', 'value, with, lots'],
    ['Example-Header', 'of, commas'],
    ['X-Empty-Header', ''],
  ],
};

const value = (message: HttpMessage, component: string) => {
  const options = { structuredFields: { 'example-dict': 'dictionary' } as const };
  const base = signatureBase(message, signatureInput([component], {}), options);
  const line = base.split('\n')[0];
  return line.slice(line.indexOf(': ') + 2);
};
const refused = (message: HttpMessage, components: readonly string[]) =>
  assert.throws(
    () => signatureBase(message, signatureInput(components, {})),
    (error: unknown) => error instanceof TrustError && error.code === 'bad-signature-input',
  );

test('fields: trimmed, unfolded, joined, empty', () => {
  assert.equal(value(request, 'x-ows-header'), 'Leading and trailing whitespace.');
  assert.equal(value(request, 'x-obs-fold-header'), 'Obsolete line folding.');
  assert.equal(value(request, 'cache-control'), 'max-age=60, must-revalidate');
  assert.equal(value(request, 'example-dict'), 'a=1,    b=2;x=1;y=2,   c=(a   b   c), d');
  assert.equal(value(request, 'x-empty-header'), '');
});

test('sf, key and bs', () => {
  assert.equal(value(request, 'example-dict;sf'), 'a=1, b=2;x=1;y=2, c=(a b c), d');
  assert.equal(value(request, 'example-dict;key="a"'), '1');
  assert.equal(value(request, 'example-dict;key="b"'), '2;x=1;y=2');
  assert.equal(value(request, 'example-dict;key="c"'), '(a b c)');
  assert.equal(value(request, 'example-dict;key="d"'), '?1');
  assert.equal(value(request, 'example-header;bs'), ':dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:');
  const latin: HttpRequest = { ...request, headers: [['X', 'caf\u00e9']] };
  assert.equal(value(latin, 'x;bs'), ':Y2Fm6Q==:');
  refused(latin, ['x']);
});

test('derived components of a request', () => {
  const at = (url: string) => ({ ...request, url });
  assert.equal(value(request, '@method'), 'GET');
  assert.equal(value({ ...request, method: 'get' }, '@method'), 'get');
  assert.equal(value(request, '@target-uri'), 'https://www.example.com/path?param=value');
  assert.equal(value(at('HTTPS://WWW.Example.COM:443'), '@authority'), 'www.example.com');
  assert.equal(value(at('http://example.com:8080/'), '@authority'), 'example.com:8080');
  assert.equal(value(at('HTTPS://example.com'), '@scheme'), 'https');
  assert.equal(value(at('https://example.com'), '@path'), '/');
  assert.equal(value(at('https://example.com/path?a=b&c#f'), '@query'), '?a=b&c');
  assert.equal(value(at('https://example.com/path'), '@query'), '?');
  assert.equal(value(at('https://example.com/path?'), '@query'), '?');
  assert.equal(value(at('https://example.com/path?a'), '@request-target'), '/path?a');
  assert.equal(value({ ...request, requestTarget: '*' }, '@request-target'), '*');
  assert.equal(value(at('/path?a'), '@target-uri'), 'https://www.example.com/path?a');
});

test('query parameters are decoded and encoded again', () => {
  const url =
    'https://www.example.com/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something&e=&s=(1)~';
  const long = { ...request, url };
  assert.equal(value(long, '@query-param;name="var"'), 'this%20is%20a%20big%0Amultiline%20value');
  assert.equal(value(long, '@query-param;name="bar"'), 'with%20plus%20whitespace');
  assert.equal(value(long, '@query-param;name="fa%C3%A7ade%22%3A%20"'), 'something');
  assert.equal(value(long, '@query-param;name="e"'), '');
  assert.equal(value(long, '@query-param;name="s"'), '%281%29%7E');
  refused({ ...request, url: 'https://e.com/?a=1&a=2' }, ['@query-param;name="a"']);
  refused({ ...request, url: 'https://e.com/?a=1' }, ['@query-param;name="b"']);
});

test('a response, its trailers, and the request it answers', () => {
  const response: HttpResponse = {
    status: 200,
    headers: [['Content-Type', 'text/plain']],
    trailers: [['Expires', 'Wed, 9 Nov 2022 07:28:00 GMT']],
    request,
  };
  assert.equal(value(response, '@status'), '200');
  assert.equal(value(response, 'expires;tr'), 'Wed, 9 Nov 2022 07:28:00 GMT');
  assert.equal(value(response, '@method;req'), 'GET');
  assert.equal(value(response, 'cache-control;req'), 'max-age=60, must-revalidate');
  refused(response, ['@method']);
  refused(response, ['expires']);
  refused({ ...response, request: undefined }, ['@method;req']);
});

test('what cannot be covered is refused', () => {
  for (const component of [
    'not-there',
    'Date',
    '@unknown',
    '@signature-params',
    '@status',
    '@query-param',
    '@method;name="a"',
    '@method;req',
    'date;unknown',
    'date;sf',
    'example-header;bs;sf',
    'example-dict;key="zz"',
    'example-dict;key=a',
    'date;tr',
    '@method;sf',
  ]) {
    refused(request, [component]);
  }
  refused(request, ['date', '@method', 'date']);
  refused({ ...request, headers: [['X', 'a\r\nb: c']] }, ['x']);
  refused({ ...request, url: '/no-host', headers: [] }, ['@authority']);
  refused({ ...request, url: 'https:///no-host' }, ['@authority']);
  refused({ ...request, url: 'no-slash' }, ['@authority']);
  refused({ ...request, url: '/', headers: [['Host', 'a@b']] }, ['@authority']);
});

test('the same component with other parameters is another one', () => {
  const base = signatureBase(request, signatureInput(['example-dict;key="a"', 'example-dict;key="b"'], { created: 1 }));
  assert.equal(
    base,
    '"example-dict";key="a": 1\n"example-dict";key="b": 2;x=1;y=2\n"@signature-params": ("example-dict";key="a" "example-dict";key="b");created=1',
  );
});
