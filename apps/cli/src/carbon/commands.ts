// The commands of `madang carbon`, one file each.
import type { Command } from '../command.ts';

export const commands: readonly Command[] = [];
