// A node whose aggregator has a fault: in round 1 it loses one organisation out of what the other aggregator tells it, and signs a transcript from that. All
// else is the node as it is. Started like any node: `node faulty-aggregator.ts HOME`.
import { packFrame, piecesOf, unpackFrame } from '@madang/study';

const LOST = 'migration';
const verifierMail = new Set<string>();
const honest = globalThis.fetch;

globalThis.fetch = (async (input: string, init?: RequestInit) => {
  const response = await honest(input, init);
  if (!response.ok) return response;
  const { pathname } = new URL(input);
  if (pathname === '/v1/events') {
    const news = (await response.clone().json()) as { mail: { seq: number; topic: string }[] };
    for (const m of news.mail) if (/^verifier\/[0-9a-f]+\/1$/.test(m.topic)) verifierMail.add(`/v1/mail/${m.seq}`);
  }
  if (!verifierMail.has(pathname)) return response;
  const piece = new Uint8Array(await response.arrayBuffer());
  const parts = unpackFrame(piece.subarray(40)).filter(([name]) => !name.endsWith(`/${LOST}`));
  const [changed] = piecesOf(packFrame(parts), 1 << 22);
  return new Response(changed as BodyInit, { status: 200 });
}) as typeof fetch;

await import('@madang/node/main');
