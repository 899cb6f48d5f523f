// `madang node init`: a new member's folder: keys each for one use, and a configuration to complete.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createNode, type KeyName, loadSigner } from '@madang/node/setup';
import { type Command, CommandError } from '../command.ts';

export const init: Command = {
  name: 'init',
  summary: "make a new member's folder with fresh keys and a configuration to complete",
  description:
    'Set MADANG_PASSPHRASE to encrypt the keys at rest; without it the key files are readable by their owner alone (mode 0600).\n' +
    'Prints the id of the root key, which an inviting member needs.',
  options: [
    { flags: '--home <dir>', description: 'folder to make', required: true },
    { flags: '--org <handle>', description: 'handle of the organisation (a-z, 0-9, ._:-)', required: true },
    { flags: '--hub <url>', description: 'address of the hub', required: true },
    { flags: '--origin <name>', description: "the log's name, as the hub states it", required: true },
    { flags: '--aggregator', description: 'also make an aggregator key' },
    { flags: '--researcher', description: 'also make a researcher key' },
  ],
  async run(_args, options) {
    const home = resolve(String(options['home']));
    if (existsSync(join(home, 'config.json'))) throw new CommandError(`${home} is a node's folder already`, 2);
    const keys: KeyName[] = ['root', 'node', 'steward', 'replay-witness'];
    if (options['aggregator']) keys.push('aggregator');
    if (options['researcher']) keys.push('researcher');
    const org = String(options['org']);
    if (!/^[a-z0-9][a-z0-9._:-]{0,63}$/.test(org))
      throw new CommandError('--org must be a handle: a-z, 0-9 and ._:- , at most 64', 2);
    const config = {
      org,
      hub: String(options['hub']),
      origin: String(options['origin']),
      datasets: [],
      admits: {},
      patienceSeconds: 600,
    };
    await createNode(home, config, keys, process.env['MADANG_PASSPHRASE']);
    const root = (await loadSigner(home, 'root')).keyId;
    return {
      json: { home, org, root },
      text: `${home} is ready. Root key id, for the invitation: ${root}\nDescribe your datasets in config.json, then: madang node start --home ${home}`,
    };
  },
};
