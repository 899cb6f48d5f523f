// The commands of `madang node`, one file each.
import type { Command } from '../command.ts';
import { answers } from './answers.ts';
import { approve, decline, stop } from './decide.ts';
import { init } from './init.ts';
import { pending } from './pending.ts';
import { release } from './release.ts';
import { start } from './start.ts';

export const commands: readonly Command[] = [init, start, pending, approve, decline, stop, release, answers];
