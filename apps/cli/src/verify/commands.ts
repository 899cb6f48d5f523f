// The command `madang verify`.
import type { Command } from '../command.ts';
import { verify } from './verify.ts';

export const commands: readonly Command[] = [verify];
