// The commands of `madang disease`, one file each.
import type { Command } from '../command.ts';
import { backtest } from './backtest.ts';
import { claim } from './claim.ts';
import { federate } from './federate.ts';
import { forecast } from './forecast.ts';
import { score } from './score.ts';
import { watch } from './watch.ts';

export const commands: readonly Command[] = [backtest, claim, federate, forecast, score, watch];
