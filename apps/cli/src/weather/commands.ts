// The commands of `madang weather`, one file each.
import type { Command } from '../command.ts';
import { backtest } from './backtest.ts';
import { forecast } from './forecast.ts';
import { postprocess } from './postprocess.ts';

export const commands: readonly Command[] = [backtest, forecast, postprocess];
