// The commands of `madang data`, one file each.
import type { Command } from '../command.ts';

export const commands: readonly Command[] = [];
