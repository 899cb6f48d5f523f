// The commands of `madang climate`, one file each.
import type { Command } from '../command.ts';
import { attribute } from './attribute.ts';
import { budget } from './budget.ts';
import { constrain } from './constrain.ts';
import { ebm } from './ebm.ts';
import { emulate } from './emulate.ts';
import { fair } from './fair.ts';
import { fair1 } from './fair1.ts';
import { maker } from './maker.ts';
import { scenario } from './scenario.ts';
import { seaLevel } from './sea-level.ts';
import { socialCost } from './social-cost.ts';

export const commands: readonly Command[] = [
  fair,
  fair1,
  ebm,
  emulate,
  scenario,
  maker,
  constrain,
  budget,
  attribute,
  seaLevel,
  socialCost,
];
