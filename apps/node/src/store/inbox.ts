// Mail that arrived for this member, kept on disk until its opening closes, so that a restarted aggregator has every contribution again.
import type { HubClient, MailItem } from '@madang/api';
import { type BodySource, joinPieces, type Piece, pieceData, readPiece } from '@madang/study';
import type { Memory } from './memory.ts';

export interface Letter {
  readonly seq: number;
  readonly sender: string;
  readonly topic: string;
  /** What the bytes say they are a piece of, if they are one. */
  readonly piece?: Piece;
}

/** A message that came in one or more pieces. */
export interface Message {
  readonly sender: string;
  /** Its bytes, read from disk each time. */
  read(): Promise<Uint8Array>;
}

function pieceOf(bytes: Uint8Array): Piece | undefined {
  try {
    return readPiece(bytes);
  } catch {
    return undefined;
  }
}

interface Joined {
  readonly seen: Set<number>;
  /** Pieces by sender, digest and count of the whole. */
  readonly parts: Map<string, (Letter | undefined)[]>;
  readonly whole: Message[];
}

export class Inbox {
  private readonly memory: Memory;
  private readonly letters = new Map<string, Letter[]>();
  private readonly joined = new Map<string, Joined>();
  /** Chunks of long vectors: by topic, by sender and digest of the header, by place. */
  private readonly bodies = new Map<string, Map<string, Map<number, Letter>>>();
  /** Sequence number of the last letter taken. */
  last = 0;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  async load(): Promise<void> {
    for (const path of await this.memory.list('mail/')) {
      if (!path.endsWith('.json')) continue;
      const letter = await this.memory.json<Letter>(path);
      if (letter) this.remember(letter);
    }
    this.last = (await this.memory.json<{ last: number }>('mail-position'))?.last ?? this.last;
  }

  private remember(letter: Letter): void {
    const list = this.letters.get(letter.topic) ?? [];
    if (!list.some(l => l.seq === letter.seq)) list.push(letter);
    // Files are listed by name, 10 before 9.
    if (list.length > 1 && list[list.length - 2].seq > letter.seq) list.sort((a, b) => a.seq - b.seq);
    this.letters.set(letter.topic, list);
    if (letter.topic.startsWith('body/') && letter.piece) this.rememberChunk(letter, letter.piece);
    this.last = Math.max(this.last, letter.seq);
  }

  /** The first chunk that a sender gives for a place counts. */
  private rememberChunk(letter: Letter, { whole, index }: Piece): void {
    const bodies = this.bodies.get(letter.topic) ?? new Map<string, Map<number, Letter>>();
    this.bodies.set(letter.topic, bodies);
    const name = `${letter.sender}/${whole}`;
    const chunks = bodies.get(name) ?? new Map<number, Letter>();
    bodies.set(name, chunks);
    const known = chunks.get(index);
    if (!known || known.seq > letter.seq) chunks.set(index, letter);
  }

  /** Fetches and stores what is new; bytes first, then the letter that names them. */
  async take(hub: HubClient, items: readonly MailItem[]): Promise<void> {
    for (const item of items) {
      const bytes = await hub.mail(item.seq);
      if (bytes) {
        const piece = pieceOf(bytes);
        const letter = { seq: item.seq, sender: item.sender, topic: item.topic, ...(piece ? { piece } : {}) };
        await this.memory.put(`mail/${item.seq}.bin`, bytes);
        await this.memory.putJson(`mail/${item.seq}.json`, letter);
        this.remember(letter);
      }
      this.last = Math.max(this.last, item.seq);
    }
    if (items.length > 0) await this.memory.putJson('mail-position', { last: this.last });
  }

  /** Letters on a topic, oldest first. */
  on(topic: string): readonly Letter[] {
    return this.letters.get(topic) ?? [];
  }

  /** Messages on a topic whose pieces are all here, in the order in which they became whole: the same after a restart. */
  async messages(topic: string): Promise<readonly Message[]> {
    const j: Joined = this.joined.get(topic) ?? { seen: new Set(), parts: new Map(), whole: [] };
    this.joined.set(topic, j);
    for (const letter of this.on(topic)) {
      if (j.seen.has(letter.seq)) continue;
      j.seen.add(letter.seq);
      const piece = letter.piece ?? pieceOf(await this.read(letter));
      if (!piece) continue; // its sender's loss
      const key = `${letter.sender}/${piece.whole}/${piece.count}`;
      const parts = j.parts.get(key) ?? new Array<Letter | undefined>(piece.count).fill(undefined);
      j.parts.set(key, parts);
      if (parts[piece.index]) continue;
      parts[piece.index] = letter;
      if (parts.every(p => p !== undefined))
        j.whole.push({
          sender: letter.sender,
          read: async () => joinPieces(await Promise.all(parts.map(p => this.read(p as Letter)))),
        });
    }
    return j.whole;
  }

  /** The chunks that a sender has sent of a body, by the digest of its header; read from disk one by one. */
  body(topic: string, sender: string, header: string): BodySource {
    const chunks = this.bodies.get(topic)?.get(`${sender}/${header}`) ?? new Map<number, Letter>();
    return {
      complete: count => {
        for (let i = 0; i < count; i++) if (!chunks.has(i)) return false;
        return true;
      },
      read: async index => {
        const letter = chunks.get(index);
        if (!letter) throw new Error(`chunk ${index} of a body of ${sender} is not on disk`);
        return pieceData(await this.read(letter));
      },
    };
  }

  async read(letter: Letter): Promise<Uint8Array> {
    const bytes = await this.memory.bytes(`mail/${letter.seq}.bin`);
    if (!bytes) throw new Error(`letter ${letter.seq} is not on disk`);
    return bytes;
  }

  /** Deletes everything whose topic holds this text (an opening's id): sealed shares do not outlive their opening. */
  async erase(text: string): Promise<void> {
    for (const [topic, list] of this.letters) {
      if (!topic.includes(text)) continue;
      for (const l of list) {
        await this.memory.remove(`mail/${l.seq}.bin`);
        await this.memory.remove(`mail/${l.seq}.json`);
      }
      this.letters.delete(topic);
      this.joined.delete(topic);
      this.bodies.delete(topic);
    }
  }
}
