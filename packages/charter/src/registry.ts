// Everything anyone can do at the hub. Schema pages, refusal pages and the API document are made from this list.
import { registerDataset } from './catalogue/register-dataset.ts';
import { setBudget } from './catalogue/set-budget.ts';
import { withdrawBlob } from './catalogue/withdraw-blob.ts';
import { cancelCompute } from './compute/cancel.ts';
import { endCompute } from './compute/end.ts';
import { offerCompute } from './compute/offer.ts';
import { requestCompute } from './compute/request.ts';
import { startCompute } from './compute/start.ts';
import { agreeRoot } from './governance/agree-root.ts';
import { found } from './governance/found.ts';
import { proposeRoot } from './governance/propose-root.ts';
import { logTime } from './governance/time.ts';
import { logVoid } from './governance/void.ts';
import { admit } from './members/admit.ts';
import { endKey } from './members/end-key.ts';
import { invite } from './members/invite.ts';
import { join } from './members/join.ts';
import { memberKey } from './members/key.ts';
import { leave } from './members/leave.ts';
import { rotateRoot } from './members/rotate-root.ts';
import type { StatementType } from './statement-type.ts';
import { approve } from './studies/approve.ts';
import { close } from './studies/close.ts';
import { commit } from './studies/commit.ts';
import { differ } from './studies/differ.ts';
import { fail } from './studies/fail.ts';
import { finish } from './studies/finish.ts';
import { publishForecast } from './studies/forecast.ts';
import { open } from './studies/open.ts';
import { propose } from './studies/propose.ts';
import { ready } from './studies/ready.ts';
import { release } from './studies/release.ts';
import { result } from './studies/result.ts';
import { reveal } from './studies/reveal.ts';
import { transcript } from './studies/transcript.ts';
import { withdraw } from './studies/withdraw.ts';

// The bodies differ in type; behind this list each is checked by its own schema before its own reducer sees it.
// biome-ignore lint/suspicious/noExplicitAny: the one place where the statement types meet
type AnyType = StatementType<any>;

export const statementTypes: readonly AnyType[] = [
  found,
  proposeRoot,
  agreeRoot,
  logTime,
  logVoid,
  invite,
  admit,
  join,
  memberKey,
  endKey,
  rotateRoot,
  leave,
  registerDataset,
  setBudget,
  withdrawBlob,
  propose,
  approve,
  withdraw,
  ready,
  open,
  transcript,
  differ,
  commit,
  reveal,
  result,
  close,
  fail,
  finish,
  release,
  publishForecast,
  offerCompute,
  requestCompute,
  startCompute,
  endCompute,
  cancelCompute,
];

export const byKind: ReadonlyMap<string, AnyType> = new Map(statementTypes.map(t => [t.kind, t]));
