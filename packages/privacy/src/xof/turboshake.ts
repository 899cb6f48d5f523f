// XofTurboShake128 of draft-irtf-cfrg-vdaf: TurboSHAKE128 (RFC 9861, domain byte 1) over length-prefixed tag, length-prefixed seed, binder.
import { PrivacyError } from '../error.ts';
import { type FieldName, fieldParameters } from '../field/field.ts';
import { xofStateBytes } from '../kernel/kernel.ts';
import { type KernelChoice, sharedArena } from '../kernel/shared.ts';

/** An output stream. Each call goes on where the last one stopped. */
export class XofTurboShake128 {
  readonly #kernel: KernelChoice | undefined;
  readonly #state: Uint8Array;

  /**
   * @param seed 0 to 255 bytes (Prio3: 32)
   * @param dst domain separation tag, at most 65,535 bytes
   */
  constructor(seed: Uint8Array, dst: Uint8Array, binder: Uint8Array, kernel?: KernelChoice) {
    if (seed.length > 255) throw new PrivacyError('parameter', 'a seed has at most 255 bytes');
    if (dst.length > 65535) throw new PrivacyError('parameter', 'a domain separation tag has at most 65,535 bytes');
    this.#kernel = kernel;
    const arena = sharedArena(kernel);
    this.#state = arena.scope(() => {
      const state = arena.allocate(xofStateBytes);
      arena.kernel.xofStart(state, 1);
      for (const part of [
        Uint8Array.of(dst.length & 255, dst.length >> 8),
        dst,
        Uint8Array.of(seed.length),
        seed,
        binder,
      ])
        arena.scope(() => arena.kernel.xofAbsorb(state, arena.put(part), part.length));
      arena.kernel.xofFinish(state);
      return arena.take(state, xofStateBytes);
    });
  }

  /** The next `length` bytes. */
  next(length: number): Uint8Array {
    return this.#read(length, (state, out) => sharedArena(this.#kernel).kernel.xofRead(state, out, length));
  }

  /** The next `length` field elements, encoded. */
  nextVector(field: FieldName, length: number): Uint8Array {
    const { fields } = sharedArena(this.#kernel).kernel;
    return this.#read(length * fieldParameters[field].encodedSize, (state, out) =>
      fields[field].expand(state, out, length),
    );
  }

  #read(size: number, read: (state: number, out: number) => void): Uint8Array {
    const arena = sharedArena(this.#kernel);
    return arena.scope(() => {
      const state = arena.put(this.#state);
      const out = arena.allocate(size);
      read(state, out);
      this.#state.set(arena.kernel.bytes().subarray(state, state + xofStateBytes));
      return arena.take(out, size);
    });
  }
}
