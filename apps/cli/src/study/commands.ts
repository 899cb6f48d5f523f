// The commands of `madang study`, one file each.
import type { Command } from '../command.ts';

export const commands: readonly Command[] = [];
