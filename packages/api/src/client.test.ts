// The client against hubs that misbehave: every failure is a HubError that says what to do, and nothing is taken for done that was not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateHybridKey, softwareSigner } from '@madang/trust';
import { type HubClient, HubError, hubClient } from './client.ts';

const key = generateHybridKey();
const member = { org: 'alpha', signer: softwareSigner(key), nowSeconds: () => 1_800_000_000 };

/** A client of a hub that gives this answer to everything, and what it was asked. */
function at(answer: () => Response, identity?: typeof member) {
  const asked: Request[] = [];
  const send: typeof fetch = async (url, init) => {
    asked.push(new Request(url as string, init));
    return answer();
  };
  return { hub: hubClient('http://hub.example/', send, identity), asked };
}

const failsWith = (code: string, status: number, why: RegExp) => (e: HubError) => {
  assert.ok(e instanceof HubError);
  assert.deepEqual([e.code, e.status], [code, status]);
  assert.match(e.message, why);
  return true;
};

const DIGEST = 'ab'.repeat(32);
const STATUS = { origin: 'o', size: 3, finalSize: 3, members: 2, witnesses: 2, rules: 1, version: '0' };
const calls: readonly [string, (hub: HubClient) => Promise<unknown>][] = [
  ['submit', hub => hub.submit(new Uint8Array(3))],
  ['status', hub => hub.status()],
  ['putBlob', hub => hub.putBlob(new Uint8Array(3))],
  ['events', hub => hub.events({ final: 0, mail: 0 }, false)],
  ['cosign', hub => hub.cosign('lines')],
  ['recall', hub => hub.recall({ org: 'alpha', checkpoint: '' })],
  ['sendMail', hub => hub.sendMail('beta', 'x', new Uint8Array(3))],
  ['backends', hub => hub.backends()],
  ['jobs', hub => hub.jobs({})],
];

test('a public path that is not there is undefined, whatever the page that says so', async () => {
  const { hub, asked } = at(() => new Response('<h1>404</h1>', { status: 404 }), member);
  assert.equal(await hub.read('tile/0/000'), undefined);
  assert.equal(await hub.blob('ab'), undefined);
  assert.equal(await hub.mail(7), undefined);
  assert.deepEqual(await hub.jobs({ id: 'ab' }), []);
  assert.equal(asked[0].url, 'http://hub.example/tile/0/000');
  await assert.rejects(hub.entries(0, 4), failsWith('not-found', 404, /no entries 0 to 4/));
});

for (const [name, call] of calls) {
  test(`${name}: an address where no hub is fails, and says so`, async () => {
    const page = () => new Response('<h1>404</h1>', { status: 404 });
    await assert.rejects(call(at(page, member).hub), failsWith('http', 404, /status 404; is this the hub's address/));
    const welcome = () => new Response('<h1>Welcome</h1>');
    if (name === 'cosign' || name === 'sendMail') return; // nothing is read from their answer
    await assert.rejects(call(at(welcome, member).hub), failsWith('not-a-hub', 200, /is this the hub's address/));
  });
}

test('a refusal keeps its code, its sentence and the signed word, which no printed error shows', async () => {
  const problem = { type: 'about:blank', title: 't', status: 422, detail: 'no such study', code: 'unknown-study' };
  const { hub } = at(() => Response.json({ ...problem, refusal: '{"payload":"secret"}' }, { status: 422 }));
  const error = await hub.submit(new Uint8Array(3)).then(
    () => assert.fail('it was refused'),
    (e: HubError) => e,
  );
  failsWith('unknown-study', 422, /^no such study$/)(error);
  assert.equal(error.refusal, '{"payload":"secret"}');
  assert.ok(!JSON.stringify(error).includes('secret'));
  await assert.rejects(
    at(() => Response.json({ ...problem, status: 404, code: 'not-found' }, { status: 404 }), member).hub.sendMail(
      'beta',
      'x',
      new Uint8Array(3),
    ),
    failsWith('not-found', 404, /no such study/),
  );
});

test('a hub that is not reached, or breaks off in the middle of an answer, has status 0', async () => {
  const closed = hubClient('http://hub.example', async () => {
    throw new TypeError('fetch failed');
  });
  await assert.rejects(closed.status(), failsWith('unreachable', 0, /hub\.example does not answer/));
  const broken = () =>
    new Response(
      new ReadableStream({
        pull: c => c.error(new TypeError('terminated')),
      }),
    );
  await assert.rejects(at(broken).hub.read('checkpoint'), failsWith('unreachable', 0, /does not answer/));
});

test('what needs a member is signed; without a key it is not even sent', async () => {
  const { hub, asked } = at(() => Response.json({ digest: DIGEST }), member);
  assert.equal(await hub.putBlob(new Uint8Array(3)), DIGEST);
  assert.ok(asked[0].headers.get('signature-input'));
  const stranger = at(() => Response.json({ digest: DIGEST }));
  await assert.rejects(stranger.hub.putBlob(new Uint8Array(3)), failsWith('no-identity', 0, /needs a member's key/));
  assert.equal(stranger.asked.length, 0);
});

test('a long poll names what the node has and nothing that it has not', async () => {
  const { hub, asked } = at(() => Response.json({ mail: [] }));
  await hub.events({ final: 5, mail: 2, witness: undefined, recall: 1 }, false);
  assert.equal(new URL(asked[0].url).search, '?final=5&mail=2&recall=1');
  assert.deepEqual((await at(() => Response.json(STATUS)).hub.status()).size, 3);
});
