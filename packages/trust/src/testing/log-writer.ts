// A program for crash.test.ts to kill: appends from several senders at once and publishes now and then, printing each acknowledgement
// (`ack <index> <entry>`) and each checkpoint (`checkpoint <size> <root>`) after the fact. Arguments: folder, origin, seed in hexadecimal.
import { writeSync } from 'node:fs';
import { fromHex, toHex, utf8 } from '../bytes/bytes.ts';
import { noteKeysFromSeed } from '../checkpoint/signer.ts';
import { randomBytes } from '../crypto/index.ts';
import { openLog } from '../log/log.ts';
import { folderStore } from '../store/folder.ts';

const [folder, origin, seed] = process.argv.slice(2);
const log = await openLog({
  store: folderStore(folder),
  origin,
  signer: noteKeysFromSeed(origin, 'log', fromHex(seed)),
});
const print = (line: string) => writeSync(1, `${line}\n`);

async function send(): Promise<never> {
  for (;;) {
    const texts = Array.from({ length: 1 + (randomBytes(1)[0] % 5) }, () =>
      toHex(randomBytes(1 + (randomBytes(1)[0] % 40))),
    );
    const { first } = await log.append(texts.map(utf8));
    for (const [i, text] of texts.entries()) print(`ack ${first + i} ${text}`);
  }
}

async function publish(): Promise<never> {
  for (;;) {
    const { size, root } = await log.publish();
    print(`checkpoint ${size} ${toHex(root)}`);
    await new Promise(resolve => setTimeout(resolve, randomBytes(1)[0] % 8));
  }
}

await Promise.all([send(), send(), send(), publish()]);
