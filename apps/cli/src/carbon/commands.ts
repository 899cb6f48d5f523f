// The commands of `madang carbon`, one file each.
import type { Command } from '../command.ts';
import { cost } from './cost.ts';
import { isotherm } from './isotherm.ts';
import { key } from './key.ts';
import { mea } from './mea.ts';
import { network } from './network.ts';
import { register } from './register.ts';
import { sign } from './sign.ts';
import { tradeoff } from './tradeoff.ts';
import { tsa } from './tsa.ts';
import { vsa } from './vsa.ts';

export const commands: readonly Command[] = [isotherm, vsa, tsa, mea, tradeoff, cost, network, register, key, sign];
