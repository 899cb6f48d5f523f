// A hub that starts asks how far its members had followed the log; where it has less, they send it the rest (protocol, section 7).
import { fromUtf8, toBase64 } from '@madang/trust';
import type { Desk } from './desk.ts';

/** A member that waits while another one sends. */
const PAUSE_MS = 500;
const MOST_PAUSES = 40;

/** Answers the question. A witness that has cosigned nothing has nothing to say: it cosigns what the hub shows. */
export async function answerRecall(desk: Desk): Promise<void> {
  const { follower, hub, config } = desk;
  const standing = await follower.standing();
  if (!standing) return;
  const final = standing.final && fromUtf8(standing.final);
  const word = { org: config.org, checkpoint: fromUtf8(standing.note), ...(final === undefined ? {} : { final }) };
  let at = await hub.recall(word);
  for (let pauses = 0; at.size < standing.size && pauses < MOST_PAUSES; ) {
    const piece = at.send ? await follower.piece(at.size, standing) : undefined;
    if (at.send && !piece) {
      desk.log(
        `the hub has lost its log from entry ${at.size} on; this node cosigned ${standing.size} and has no entry to send`,
      );
      return;
    }
    if (piece) {
      const sent = { start: at.size, bundle: toBase64(piece.bundle), proof: piece.proof.map(toBase64) };
      at = await hub.recall({ ...word, checkpoint: fromUtf8(piece.note), piece: sent });
    } else {
      pauses += 1;
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
      at = await hub.recall(word);
    }
  }
}
