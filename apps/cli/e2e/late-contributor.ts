// A node whose contributions are on the way for a while, so that others have time. All else is the node as it is. Started like any node.
import { setTimeout as delay } from 'node:timers/promises';

const SECONDS = 12;
const honest = globalThis.fetch;

globalThis.fetch = (async (input: string, init?: RequestInit) => {
  const { pathname, searchParams } = new URL(input);
  if (pathname === '/v1/mail' && /^share\//.test(searchParams.get('topic') ?? '')) await delay(1000 * SECONDS);
  return honest(input, init);
}) as typeof fetch;

await import('@madang/node/main');
