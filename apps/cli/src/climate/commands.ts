// The commands of `madang climate`, one file each.
import type { Command } from '../command.ts';
import { ebm } from './ebm.ts';
import { fair } from './fair.ts';

export const commands: readonly Command[] = [fair, ebm];
