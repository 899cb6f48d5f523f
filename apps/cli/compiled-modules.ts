// What Node has compiled of its own modules is the last part of a snapshot, half of its size: each process reads it into memory and keeps it there.
// A command whose modules have all been loaded has no use for it. docs/decisions/0129.
// Trap: the layout is Node's own (a number of entries, then for each the length and text of a name, the length and bytes of what was compiled, all
// numbers of eight bytes), so it is only cut where it is met exactly so, up to the last byte; and the caller tries what is left.

/** The snapshot without that part, or undefined where it is not as described. */
export function withoutCompiledModules(snapshot: Buffer): Buffer | undefined {
  for (let at = snapshot.length - 16; at > 0; at--) {
    if (snapshot[at + 2] !== 0 || snapshot[at] + snapshot[at + 1] === 0 || !isList(snapshot, at)) continue;
    const rest = Buffer.from(snapshot.subarray(0, at + 8));
    rest.writeBigUInt64LE(0n, at);
    return rest;
  }
  return undefined;
}

/** Whether a list of compiled modules begins here and ends with the file. */
function isList(bytes: Buffer, start: number): boolean {
  let at = start;
  const number = () => {
    if (at + 8 > bytes.length) return Number.NaN;
    const x = bytes.readUInt32LE(at) + 2 ** 32 * bytes.readUInt32LE(at + 4);
    at += 8;
    return x;
  };
  const count = number();
  if (!(count > 0 && count < 10_000)) return false;
  for (let k = 0; k < count; k++) {
    const name = number();
    if (!(name > 0 && name < 200) || !/^[\w./-]+$/.test(bytes.toString('latin1', at, at + name))) return false;
    at += name;
    const size = number();
    if (!(size > 0 && at + size <= bytes.length)) return false;
    at += size;
  }
  return at === bytes.length;
}
