// The commands of `madang study`, one file each.
import type { Command } from '../command.ts';
import { model } from './model.ts';
import { simulate } from './simulate.ts';

export const commands: readonly Command[] = [model, simulate];
