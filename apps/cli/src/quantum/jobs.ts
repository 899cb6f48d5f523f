// madang quantum jobs: what is on offer at a hub, who used how much of it, and the jobs themselves.
import { type BackendLine, hubClient, type JobLine } from '@madang/api';
import type { Command } from '../command.ts';

const HUB_OPTION = { flags: '--hub <url>', description: 'address of the hub', required: true } as const;

export const jobs: Command = {
  name: 'jobs',
  summary: 'backends on offer at a hub, their accounts, and the newest jobs',
  options: [
    HUB_OPTION,
    { flags: '--backend <handle>', description: 'only jobs at this backend' },
    { flags: '--org <handle>', description: 'only jobs that this member asked for' },
    { flags: '--stage <stage>', description: 'queued, running, done, failed or cancelled' },
  ],
  examples: ['madang quantum jobs --hub http://127.0.0.1:8080'],
  async run(_args, options) {
    const hub = hubClient(String(options['hub']), fetch);
    const query: Record<string, string> = {};
    for (const name of ['backend', 'org', 'stage'])
      if (options[name] !== undefined) query[name] = String(options[name]);
    const json = { backends: await hub.backends(), jobs: await hub.jobs(query) };
    return { json, text: [...json.backends.flatMap(backendText), '', ...json.jobs.map(jobText)].join('\n') };
  },
};

function backendText(b: BackendLine): string[] {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return [
    `${b.handle}: ${b.kind} at ${b.org}, ${b.waiting} waiting; a job may take ${seconds(b.maximum.milliseconds)} and ${b.maximum.units} of unit ${b.unit}`,
    ...b.accounts.map(
      a =>
        `  ${a.org}: ${a.jobs} jobs ended, ${seconds(a.milliseconds)} and ${a.units} used, ${seconds(a.reserved)} set aside, ${seconds(a.left)} left`,
    ),
  ];
}

function jobText(j: JobLine): string {
  const used = j.milliseconds === null ? '' : `  ${(j.milliseconds / 1000).toFixed(1)} s  ${j.units}`;
  return `${j.id.slice(0, 16)}  ${j.stage.padEnd(9)}  ${j.backend}  ${j.org}${used}`;
}
