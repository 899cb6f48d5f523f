// Gridded files of a test, made of plain numbers.
import type { GridFile } from './array.ts';

interface Plain {
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** A file named "g" with these arrays. */
export function gridOf(arrays: Record<string, Plain>): GridFile {
  return {
    name: 'g',
    arrays: new Map(
      Object.entries(arrays).map(([name, a]) => [
        name,
        {
          dimensions: a.dims,
          shape: a.shape,
          attributes: new Map(Object.entries(a.attributes)),
          read: (places: ArrayLike<number>) => Float64Array.from(places, p => a.data[p]),
        },
      ]),
    ),
  };
}
