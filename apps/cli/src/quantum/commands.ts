// The commands of `madang quantum`, one file each.
import type { Command } from '../command.ts';

export const commands: readonly Command[] = [];
