// The commands of `madang weather`, one file each.
import type { Command } from '../command.ts';

export const commands: readonly Command[] = [];
