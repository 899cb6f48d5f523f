/** RFC 8017 I2OSP(value, 2); throws RangeError above 65,535. */
export function i2osp2(value: number): Uint8Array {
  if (!(value >= 0 && value <= 0xffff)) throw new RangeError(`${value} does not fit two bytes`);
  return Uint8Array.of(value >> 8, value & 255);
}
