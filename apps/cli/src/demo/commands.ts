// The command `madang demo`.
import type { Command } from '../command.ts';
import { demo } from './demo.ts';

export const commands: readonly Command[] = [demo];
