// Every group of commands, in the order of the manual. A group's module is loaded only when it is called, so that a cold start stays short.
import type { Command } from './command.ts';

export interface Group {
  readonly name: string;
  readonly summary: string;
  /** Gives the group's commands; a group with one command of the same name is called without a second word (`madang demo`). */
  load(): Promise<readonly Command[]>;
  /** Commands that are loaded without the rest of their group, because their start is part of what is promised of them. */
  readonly alone?: Readonly<Record<string, () => Promise<Command>>>;
}

export const groups: readonly Group[] = [
  {
    name: 'demo',
    summary: 'a whole hub on this machine: 14 members, two studies, a quantum job, a page',
    load: async () => (await import('./demo/commands.ts')).commands,
  },
  {
    name: 'verify',
    summary: 'check a log: every signature, tile, rule and result',
    load: async () => (await import('./verify/commands.ts')).commands,
  },
  {
    name: 'hub',
    summary: 'run a hub, rebuild its tables, restore its log',
    load: async () => (await import('./hub/commands.ts')).commands,
  },
  {
    name: 'node',
    summary: "run a member's node; the steward's desk: pending, approve, decline, stop",
    load: async () => (await import('./node/commands.ts')).commands,
  },
  {
    name: 'statement',
    summary: 'kinds of statements; show, export and submit one',
    load: async () => (await import('./statement/commands.ts')).commands,
  },
  {
    name: 'disease',
    summary: 'outbreak forecasts: backtest, score, claim, federate, forecast, watch',
    load: async () => (await import('./disease/commands.ts')).commands,
  },
  {
    name: 'climate',
    summary: 'simple climate model, scenarios, energy balance',
    load: async () => (await import('./climate/commands.ts')).commands,
    alone: { fair: async () => (await import('./climate/fair.ts')).fair },
  },
  {
    name: 'weather',
    summary: 'station forecasts as probability distributions',
    load: async () => (await import('./weather/commands.ts')).commands,
  },
  {
    name: 'carbon',
    summary: 'carbon capture processes, transport and accounting',
    load: async () => (await import('./carbon/commands.ts')).commands,
  },
  {
    name: 'energy',
    summary: 'power flow, optimal power flow, planning',
    load: async () => (await import('./energy/commands.ts')).commands,
  },
  {
    name: 'quantum',
    summary: 'OpenQASM 3 circuits and simulators',
    load: async () => (await import('./quantum/commands.ts')).commands,
  },
  {
    name: 'study',
    summary: 'questions that many nodes answer together',
    load: async () => (await import('./study/commands.ts')).commands,
  },
  {
    name: 'data',
    summary: 'datasets: synthetic twins, tables for publication',
    load: async () => (await import('./data/commands.ts')).commands,
  },
];
