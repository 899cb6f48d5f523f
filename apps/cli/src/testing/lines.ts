// Runs command lines that a parent process sends, one after the other, and sends back what each printed and ended with: a test of all commands needs one
// start of the program instead of hundreds.
import { main } from '../main.ts';

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

process.on('message', (argv: string[]) => {
  let [out, err] = ['', ''];
  process.stdout.write = ((text: string | Uint8Array) => {
    out += String(text);
    return true;
  }) as typeof process.stdout.write;
  process.stderr.write = ((text: string | Uint8Array) => {
    err += String(text);
    return true;
  }) as typeof process.stderr.write;
  main(argv).then(exit => process.send!({ exit, out, err } satisfies Ran));
});
