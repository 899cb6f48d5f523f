// The commands of `madang energy`, one file each.
import type { Command } from '../command.ts';

export const commands: readonly Command[] = [];
