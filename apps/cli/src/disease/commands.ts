// The commands of `madang disease`, one file each.
import type { Command } from '../command.ts';

export const commands: readonly Command[] = [];
