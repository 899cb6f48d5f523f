// Becoming and being a member: admit agreed invitations, join, certify working keys, register datasets, agree on roots.
import { activeMembers, MAX_KEY_SECONDS } from '@madang/charter';
import { digestOf } from '@madang/study';
import { encodePublicKey, type Json, quorum, utf8 } from '@madang/trust';
import { loadWitnessKeys } from '../keys.ts';
import { type Desk, submitOnce } from './desk.ts';

export async function membership(desk: Desk): Promise<void> {
  const { state, config } = desk;
  if (!state.root) return;
  const me = state.members[config.org];
  if (!me || me.left !== undefined) {
    await join(desk);
    return;
  }
  await certifyKeys(desk);
  await registerDatasets(desk);
  await invite(desk);
  for (const [id, invitation] of Object.entries(state.invitations)) {
    const agreed = invitation.candidates.every(c => config.admits[c.org] === c.root);
    if (agreed && !invitation.admittedBy.includes(config.org))
      await submitOnce(desk, `admit-${id}`, 'member.admit', { invitation: id }, 'root');
  }
  await proposeRoot(desk);
  for (const [id, p] of Object.entries(state.rootProposals)) {
    // A root that keeps rules and operator and only lists members' own registered witnesses is what every member agreed to at the founding.
    const plain =
      p.root.rules === state.rules && p.root.operator === state.root.operator && p.previous === state.root.id;
    if (plain && !p.agreedBy.includes(config.org))
      await submitOnce(desk, `agree-${id}`, 'root.agree', { proposal: id }, 'root');
  }
}

async function join(desk: Desk): Promise<void> {
  const { state, config } = desk;
  const signer = await desk.signer('root');
  for (const [id, i] of Object.entries(state.invitations)) {
    const named = i.candidates.some(c => c.org === config.org && c.root === signer.keyId);
    if (!named || i.admittedBy.length < quorum(activeMembers(state).length)) continue;
    await submitOnce(
      desk,
      `join-${id}`,
      'member.join',
      { invitation: id, root: encodePublicKey(signer.publicKey) as unknown as Json },
      'root',
    );
  }
}

async function certifyKeys(desk: Desk): Promise<void> {
  const until = desk.state.time + MAX_KEY_SECONDS - 3600;
  const keys: Json[] = [];
  for (const use of ['node', 'steward', 'researcher', 'aggregator'] as const) {
    if (!desk.has(use)) continue;
    const signer = await desk.signer(use);
    if (!desk.state.keys[signer.keyId])
      keys.push({ use, key: encodePublicKey(signer.publicKey) as unknown as Json, until });
  }
  if (desk.has('replay-witness')) {
    const { vkeys } = await loadWitnessKeys(desk.home, desk.config.org);
    const known = Object.values(desk.state.keys).some(k => k.org === desk.config.org && k.use === 'replay-witness');
    if (!known) keys.push({ use: 'replay-witness', key: { ed25519: vkeys.ed25519, mldsa44: vkeys.mldsa44 }, until });
  }
  if (keys.length > 0) await submitOnce(desk, 'keys', 'member.key', { keys }, 'root');
}

async function registerDatasets(desk: Desk): Promise<void> {
  const steward = desk.has('steward') ? await desk.signer('steward') : undefined;
  if (!steward || !desk.state.keys[steward.keyId]) return;
  for (const d of desk.config.datasets) {
    if (desk.state.datasets[d.handle]) continue;
    const salt = await desk.memory.once(`salt/${d.handle}`, () => crypto.getRandomValues(new Uint8Array(32)));
    const description = digestOf(utf8(`${Buffer.from(salt).toString('hex')}\n${d.description}`));
    const ledgers = d.ledgers.map(l => ({ ...l }));
    await submitOnce(
      desk,
      `dataset-${d.handle}`,
      'dataset.register',
      { dataset: d.handle, description, ledgers },
      'steward',
    );
  }
}

async function invite(desk: Desk): Promise<void> {
  const candidates = desk.config.convenes?.candidates.filter(c => !desk.state.members[c.org]) ?? [];
  if (candidates.length === 0 || Object.keys(desk.state.invitations).length > 0) return;
  await submitOnce(desk, 'invite', 'member.invite', { candidates: candidates as unknown as Json }, 'root');
}

/** The convening member lists everybody's witnesses in a new root once all candidates have joined and registered theirs. */
async function proposeRoot(desk: Desk): Promise<void> {
  const { state, config } = desk;
  if (!config.convenes || !state.root) return;
  const all = config.convenes.candidates.map(c => c.org);
  const members = activeMembers(state);
  if (!all.every(o => members.includes(o))) return;
  const witnesses = Object.entries(state.keys)
    .filter(([, k]) => k.use === 'replay-witness' && k.ended === undefined && members.includes(k.org))
    .map(([key, k]) => ({ org: k.org, key }))
    .sort((a, b) => (a.org < b.org ? -1 : 1));
  if (witnesses.length < members.length || witnesses.length === state.root.witnesses.length) return;
  const logKey = state.keys[state.root.logKey].key as unknown as Json;
  const body = {
    previous: state.root.id,
    rules: state.rules,
    operator: state.root.operator,
    logKey,
    logNotes: state.root.logNotes as unknown as Json,
    witnesses,
  };
  await submitOnce(desk, `root-after-${state.root.id}`, 'root.propose', body, 'root');
}
