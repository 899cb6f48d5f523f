// The commands of `madang climate`, one file each.
import type { Command } from '../command.ts';

export const commands: readonly Command[] = [];
