/** Number `k` of the model that node `node` made up, in [-1, 1). */
export function valueAt(k: number, node: number): number {
  return ((k * 7919 + node * 104729) % 2000) / 1000 - 1;
}
