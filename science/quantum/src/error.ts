// What can go wrong in this package, as a closed list of codes. A message of a program names file, line and column.

export type QuantumErrorCode =
  /** The text is not OpenQASM 3. */
  | 'syntax'
  /** The text parses but means nothing: unknown name, wrong number of qubits, a constant changed. */
  | 'meaning'
  /** The program did something impossible while it ran: an index out of range, a division by zero, the same qubit twice. */
  | 'runtime'
  /** A legal part of the language that this simulator does not run (pulses, functions linked from outside). */
  | 'unsupported'
  /** More qubits, operations or memory than allowed; said before the memory is taken. */
  | 'too-large'
  /** An include that cannot be read, or that includes itself. */
  | 'include'
  /** An argument of a function here is out of its range. */
  | 'argument'
  /** A remote device refused, failed or did not answer in time. */
  | 'backend';

/** Thrown for everything on the list above; `line` and `column` count from 1 and are set for errors in a program. */
export class QuantumError extends Error {
  readonly code: QuantumErrorCode;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  constructor(
    code: QuantumErrorCode,
    message: string,
    place?: { readonly file: string; readonly line: number; readonly column: number },
    options?: ErrorOptions,
  ) {
    super(place ? `${place.file}:${place.line}:${place.column}: ${message}` : message, options);
    this.code = code;
    this.file = place?.file;
    this.line = place?.line;
    this.column = place?.column;
  }
}
