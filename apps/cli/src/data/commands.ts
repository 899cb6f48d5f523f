// The commands of `madang data`, one file each.
import type { Command } from '../command.ts';
import { release } from './release.ts';
import { twin } from './twin.ts';

export const commands: readonly Command[] = [release, twin];
