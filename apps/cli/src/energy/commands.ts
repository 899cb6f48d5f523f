// The commands of `madang energy`, one file each.
import type { Command } from '../command.ts';
import { borders } from './borders.ts';
import { opf } from './opf.ts';
import { pf } from './pf.ts';
import { plan } from './plan.ts';
import { screen } from './screen.ts';

export const commands: readonly Command[] = [pf, screen, opf, plan, borders];
