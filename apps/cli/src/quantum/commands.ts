// The commands of `madang quantum`, one file each.
import type { Command } from '../command.ts';
import { bench } from './bench.ts';
import { check } from './check.ts';
import { jobs } from './jobs.ts';
import { result } from './result.ts';
import { run } from './run.ts';
import { submit } from './submit.ts';

export const commands: readonly Command[] = [run, check, bench, submit, jobs, result];
