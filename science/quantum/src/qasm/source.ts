// Where a piece of a program stands. A position is one number, so that a million statements stay small: file number times 2^32 plus offset.
import { QuantumError, type QuantumErrorCode } from '../error.ts';

/** Offset into the text of a file, with the file's number in the upper bits. */
export type Position = number;

const FILE = 2 ** 32;

/** The texts of a program and its includes. */
export class Sources {
  readonly #files: { readonly name: string; readonly text: string }[] = [];

  /** Adds a file and gives the position of its first character. */
  add(name: string, text: string): Position {
    if (text.length >= FILE) throw new QuantumError('too-large', `${name}: the file is too large`);
    this.#files.push({ name, text });
    return (this.#files.length - 1) * FILE;
  }

  /** File, line and column (both from 1; the column counts UTF-16 units). */
  place(at: Position): { readonly file: string; readonly line: number; readonly column: number } {
    const { name, text } = this.#files[Math.floor(at / FILE)];
    const offset = at % FILE;
    let line = 1;
    let start = 0;
    for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
      line += 1;
      start = i + 1;
    }
    return { file: name, line, column: offset - start + 1 };
  }

  error(code: QuantumErrorCode, message: string, at: Position, options?: ErrorOptions): QuantumError {
    return new QuantumError(code, message, this.place(at), options);
  }
}
