// Signs refusals with the log's statement key (protocol, section 4), so that a member can show what a hub turned away. Bounded: a flood of junk must not
// buy signatures, and the junk of strangers must not use up those for members.
import { type Refusal, refusalPayload } from '@madang/charter';
import { type Signer, signStatement } from '@madang/trust';

/** Signatures a second: for statements whose own signatures verify, and for all others together. */
const A_SECOND = { genuine: 100, other: 10 } as const;
/** The same answer to the same statement is signed once for this long (seconds). */
const KEPT_SECONDS = 60;
const MOST_KEPT = 1_000;

export class Refusals {
  private readonly operator: string;
  private readonly signer: Signer;
  private readonly now: () => number;
  private readonly kept = new Map<string, { readonly until: number; readonly bytes: Uint8Array }>();
  private second = 0;
  private left: { genuine: number; other: number } = { ...A_SECOND };

  /** `now` in POSIX seconds. */
  constructor(operator: string, signer: Signer, now: () => number) {
    this.operator = operator;
    this.signer = signer;
    this.now = now;
  }

  /** The signed refusal, or undefined when too many were asked for in this second: the sender asks again. */
  async sign(
    statement: string,
    { code, why }: Refusal,
    at: number,
    seen: { readonly size: number; readonly root: string },
    genuine: boolean,
  ): Promise<Uint8Array | undefined> {
    const time = this.now();
    const key = `${statement} ${code}`;
    const known = this.kept.get(key);
    if (known && known.until >= time) return known.bytes;
    if (!this.allow(genuine ? 'genuine' : 'other', time)) return undefined;
    const bytes = await signStatement(refusalPayload(this.operator, { statement, code, reason: why, at, time, seen }), [
      this.signer,
    ]);
    this.kept.delete(key);
    this.kept.set(key, { until: time + KEPT_SECONDS, bytes });
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value!);
    return bytes;
  }

  private allow(what: 'genuine' | 'other', second: number): boolean {
    if (second !== this.second) {
      this.second = second;
      this.left = { ...A_SECOND };
    }
    this.left[what] -= 1;
    return this.left[what] >= 0;
  }
}
