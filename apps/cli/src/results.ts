// What commands write to files: one line that says where a result comes from, and a file written whole or refused by name.
import { writeFileSync } from 'node:fs';
import { CommandError } from './command.ts';
import { version } from './version.ts';

/** An input with the hexadecimal SHA-256 of its bytes. */
interface Input {
  readonly name: string;
  readonly sha256: string;
}

/** One line of text: units; made by; inputs with fingerprints; note; cite. */
export function provenanceLine(about: {
  readonly command: string;
  readonly units?: string;
  readonly inputs: readonly Input[];
  readonly note?: string;
  readonly cite: string;
}): string {
  return [
    ...(about.units ? [`units: ${about.units}`] : []),
    `made by: ${about.command} (madang ${version()})`,
    `inputs: ${about.inputs.map(f => `${f.name} sha256:${f.sha256.slice(0, 16)}`).join(', ') || 'none'}`,
    ...(about.note ? [`note: ${about.note}`] : []),
    `cite: ${about.cite}`,
  ].join('; ');
}

/** Throws naming a file that cannot be written. */
export function writeOrRefuse(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError(`cannot write ${file}: ${error instanceof Error ? error.message : error}`, 1, {
      cause: error,
    });
  }
}
