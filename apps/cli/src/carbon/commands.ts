// The commands of `madang carbon`, one file each.
import type { Command } from '../command.ts';
import { vsa } from './vsa.ts';

export const commands: readonly Command[] = [vsa];
