// Reading the files of the climate commands: text, table, and a fingerprint for the provenance that results carry.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseCsv, type Table } from '@madang/numerics/csv';
import { CommandError } from '../command.ts';

/** What provenance says of a file. */
export interface Fingerprint {
  readonly name: string;
  readonly sha256: string;
}

export interface InputFile extends Fingerprint {
  readonly path: string;
  readonly text: string;
}

/** Reads a text file; a file that is not there ends the command with exit 2, one that is no text in UTF-8 is refused. */
export function readInput(path: string): InputFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${(error as Error).message}`, 2);
  }
  const why = notText(bytes);
  if (why) throw new CommandError(`${path}${why}; save it as CSV in UTF-8`);
  return {
    path,
    name: basename(path),
    text: bytes.toString('utf8'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** What keeps bytes from being text in UTF-8, to follow the name of their file; or undefined. */
function notText(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 4);
  if (start === 'PK\x03\x04' || start === '\xd0\xcf\x11\xe0')
    return ': it is a file of a spreadsheet program or an archive, not text';
  if (start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff') || bytes.includes(0))
    return ': it is text in UTF-16 or no text at all';
  if (isUtf8(bytes)) return undefined;
  const lines = bytes.toString('latin1').split('\n');
  const wrong = lines.findIndex(l => !isUtf8(Buffer.from(l, 'latin1')));
  return `, row ${wrong + 1}: there is text in another encoding than UTF-8 (such as "${/\S*[\x80-\xff]\S*/.exec(lines[wrong])?.[0].slice(0, 40)}")`;
}

/** The file as a table. Spaces around names in the header, lines without content at the end and the line ends of old Macs are put right. */
export function table(file: InputFile): Table {
  let text = file.text.trimEnd();
  if (!text.includes('\n')) text = text.replaceAll('\r', '\n');
  const end = text.indexOf('\n') < 0 ? text.length : text.indexOf('\n');
  const header = text.slice(0, end);
  if (!header.includes(',') && /[;\t]/.test(header))
    throw new CommandError(
      `${file.path}, row 1: the columns are separated by ${header.includes(';') ? 'semicolons' : 'tabs'}; write it with commas and decimal points`,
    );
  if (/[ \t],|,[ \t]/.test(header) && !header.includes('"'))
    text =
      header
        .split(',')
        .map(s => s.trim())
        .join(',') + text.slice(end);
  return parseCsv(text, file.path);
}

/** An option's text as a number, or a sentence and exit 2. */
export function numberOption(value: unknown, flag: string): number | undefined {
  if (value === undefined) return undefined;
  const x = Number(value);
  if (typeof value !== 'string' || value.trim() === '' || !Number.isFinite(x))
    throw new CommandError(`${flag} must be a number, not "${String(value)}"`, 2);
  return x;
}

/** Turns what science throws about the input into the command's own error; passes everything else on. */
export async function refusing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (error instanceof Error) throw new CommandError(error.message, 1, { cause: error });
    throw error;
  }
}
