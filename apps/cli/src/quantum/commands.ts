// The commands of `madang quantum`, one file each.
import type { Command } from '../command.ts';
import { bench } from './bench.ts';
import { check } from './check.ts';
import { run } from './run.ts';

export const commands: readonly Command[] = [run, check, bench];
