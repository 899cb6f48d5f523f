// The first page of the manual: `madang --help`.
import { groups } from './groups.ts';

export function overview(): string {
  const width = Math.max(...groups.map(g => g.name.length)) + 2;
  return [
    'madang - a neutral hub where organisations compute together and nobody hands over data',
    '',
    'Usage: madang <group> [command] [options]',
    '',
    'Groups:',
    ...groups.map(g => `  ${g.name.padEnd(width)}${g.summary}`),
    '',
    'Every command takes --json (one JSON document on stdout, log lines on stderr) and --help.',
    'Exit codes: 0 done, 1 refused or failed, 2 wrong use, 3 could not be checked.',
    '',
  ].join('\n');
}
