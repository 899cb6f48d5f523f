// The commands of `madang weather`, one file each.
import type { Command } from '../command.ts';
import { backtest } from './backtest.ts';
import { postprocess } from './postprocess.ts';

export const commands: readonly Command[] = [backtest, postprocess];
