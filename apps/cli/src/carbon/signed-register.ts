// The lines of a register of removals, plain events or signed ones. Signed: each line is a DSSE envelope, whose payload holds the event and the id of the line before, so that
// nothing can be taken out, put in or moved without its signers. The first line is the keeper's own; it names the others and their keys.
import { type RemovalEvent, readRemovalEvent } from '@madang/carbon';
import {
  decodePublicKey,
  type EncodedPublicKey,
  type HybridPublicKey,
  keyId,
  type Opened,
  openStatement,
  utf8,
  verifyStatement,
} from '@madang/trust';

/** What is wrong with a line's signatures or its place; what its event does is judged apart. */
export interface Fault {
  readonly line: number;
  readonly code: 'wrong-signature' | 'unknown-key' | 'order-broken';
  readonly why: string;
}

export interface SignedRegister {
  readonly events: readonly RemovalEvent[];
  /** Parties whose signatures were verified, event by event. */
  readonly signedBy: readonly (readonly string[])[];
  readonly faults: readonly Fault[];
  /** Ids of the lines, and the key that the first one names. */
  readonly ids: readonly string[];
  readonly keeperKey?: string;
}

/** Whether a line is an envelope and not a plain event. */
const isEnvelope = (line: string): boolean => /^\s*\{"payload":/.test(line);

/** Reads and verifies the lines (without empty ones). Throws naming the line that is no signed event. */
function readSigned(lines: readonly string[], file: string): SignedRegister {
  const events: RemovalEvent[] = [];
  const signedBy: string[][] = [];
  const faults: Fault[] = [];
  const ids: string[] = [];
  const keys = new Map<string, { readonly party: string; readonly key: HybridPublicKey }>();
  let keeper: string | undefined;
  let keeperKey: string | undefined;
  lines.forEach((line, i) => {
    const at = `${file}, line ${i + 1}`;
    const { event, previous, opened, key } = openLine(line, at);
    const before = ids.at(-1) ?? '';
    if (previous !== before)
      faults.push({
        line: i + 1,
        code: 'order-broken',
        why: `it follows ${previous || 'nothing'}, not ${before || 'nothing'}`,
      });
    const named = key && { party: (event as { party: string }).party, key };
    // The first line vouches for itself: whoever reads it has to know the keeper's key.
    if (i === 0 && named) keys.set(keyId(named.key), named);
    const verified = verifyStatement(opened, id => keys.get(id)?.key);
    if (!verified.ok)
      faults.push({ line: i + 1, code: verified.refusal.code as Fault['code'], why: verified.refusal.why });
    const signers = verified.ok ? verified.signers.map(id => keys.get(id)?.party ?? '') : [];
    if (i === 0 && named && event.kind === 'party' && event.role === 'keeper') {
      keeper = event.party;
      keeperKey = keyId(named.key);
    }
    // A change of key is signed by both, or by the keeper alone when the old one was lost; from the next line on only the new one counts.
    const whole = event.kind !== 'key' || event.lost === true || signers.includes(event.party);
    if (named && keeper !== undefined && signers.includes(keeper) && whole) {
      if (event.kind === 'key') for (const [id, k] of keys) if (k.party === event.party) keys.delete(id);
      keys.set(keyId(named.key), named);
    }
    events.push(event);
    signedBy.push(signers);
    ids.push(opened.id);
  });
  return { events, signedBy, faults, ids, ...(keeperKey === undefined ? {} : { keeperKey }) };
}

/** One line taken apart; its signatures are not checked. */
export function openLine(
  line: string,
  at: string,
): {
  readonly event: RemovalEvent;
  readonly previous: string;
  readonly opened: Opened;
  readonly key?: HybridPublicKey;
} {
  try {
    const opened = openStatement(utf8(line));
    const { event: raw, previous } = opened.body as { event: unknown; previous: unknown };
    if (typeof previous !== 'string') throw new Error('its payload does not say which line is before it');
    const event = readRemovalEvent(raw);
    if (opened.kind !== `removal.${event.kind}`)
      throw new Error(`it is signed as ${opened.kind} and holds a ${event.kind}`);
    if (event.kind === 'key' && !event.publicKey) throw new Error('publicKey is missing');
    const key =
      (event.kind === 'party' || event.kind === 'key') && event.publicKey
        ? decodePublicKey(event.publicKey as EncodedPublicKey)
        : undefined;
    return { event, previous, opened, ...(key ? { key } : {}) };
  } catch (error) {
    throw new Error(`${at}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** The events of a register, plain or signed. Throws naming the line that is none. */
export function readRegister(
  text: string,
  file: string,
): { readonly events: readonly RemovalEvent[]; readonly signed?: SignedRegister } {
  const lines = text.split('\n');
  const full = lines.filter(l => l.trim() !== '');
  if (full.some(isEnvelope)) {
    const signed = readSigned(full, file);
    return { events: signed.events, signed };
  }
  const events = lines.flatMap((line, i): RemovalEvent[] => {
    if (line.trim() === '') return [];
    try {
      return [readRemovalEvent(JSON.parse(line))];
    } catch (error) {
      throw new Error(`${file}, line ${i + 1}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  });
  return { events };
}
