// The commands of `madang energy`, one file each.
import type { Command } from '../command.ts';
import { opf } from './opf.ts';
import { plan } from './plan.ts';

export const commands: readonly Command[] = [opf, plan];
