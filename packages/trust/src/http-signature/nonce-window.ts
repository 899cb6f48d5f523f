// Remembers which nonces were used while their signatures are still fresh enough to be taken, so that a request counts once.

export interface NonceWindow {
  /** False if this key has used this nonce before within the window, or if too many are remembered already. */
  accept(keyId: string, nonce: string, nowSeconds: number): boolean;
}

/**
 * `windowSeconds` must cover the greatest age and the clocks' skew together (300 + 60 for `verifyRequest`'s own values). Two
 * generations are kept, each one window long, so forgetting costs nothing; `capacity` bounds one generation.
 */
export function nonceWindow(windowSeconds = 360, capacity = 1_000_000): NonceWindow {
  let current = new Set<string>();
  let previous = new Set<string>();
  let since = Number.NEGATIVE_INFINITY;
  return {
    accept(keyId, nonce, nowSeconds) {
      if (nowSeconds - since >= windowSeconds) {
        previous = nowSeconds - since >= 2 * windowSeconds ? new Set() : current;
        current = new Set();
        since = nowSeconds;
      }
      const entry = `${keyId} ${nonce}`;
      if (current.has(entry) || previous.has(entry) || current.size >= capacity) return false;
      current.add(entry);
      return true;
    },
  };
}
