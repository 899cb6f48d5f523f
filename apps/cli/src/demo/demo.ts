// `madang demo`: a hub, nine organisations and five banks as separate processes, a pilot study on surveillance data, its verification, and a page.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type HubClient, hubClient } from '@madang/api';
import { Replay, type State } from '@madang/charter';
import { fingerprintWords, fromHex, randomBytes, toHex } from '@madang/trust';
import { type Command, CommandError, type Io, type Options } from '../command.ts';
import { verifyFolder } from '../verify/folder.ts';
import { CAST, LEAST_MEMBERS } from './cast.ts';
import { showJob } from './compute.ts';
import { demoData } from './data.ts';
import { onInterrupt } from './interrupt.ts';
import { liveList } from './live-list.ts';
import { type Child, startChild, stopChildren } from './processes.ts';
import { Progress, WORDS } from './progress.ts';
import { type Scored, scoreStudy, sentence } from './score.ts';
import { claimHome, configure, foundingStatement, homeOf, hubHome, planDemo, prepare, propose } from './setup.ts';
import { DELTA, KINDS, lossOf, roundsOf, type StudyName, UNIT } from './studies.ts';
import { watchLog } from './watch.ts';

/** A demo in which nothing happens for so many seconds has come to a stop, on the slowest machine. */
const QUIET_SECONDS = 120;

export const demo: Command = {
  name: 'demo',
  summary: 'a whole hub on this machine: 14 members, two studies, verification, a page',
  description:
    'Starts a hub and its members as separate processes on loopback, lets them answer questions together (a pooled histogram, then a shared ridge, each with its noise), verifies the log and serves a page.\n' +
    'Without --data the surveillance data are simulated, and every page and file says so.',
  options: [
    {
      flags: '--data <dir>',
      description: 'real series: a folder with vintages.csv, laid out as for RespiCast or FluSight',
    },
    { flags: '--season <season>', description: 'replay one season deadline by deadline, e.g. 2024/25' },
    { flags: '--once', description: 'end after the first verified result instead of serving the page' },
    {
      flags: '--studies <names>',
      description: 'pilot, ridge, or both with a comma, one after the other (default: both; with --once the pilot)',
    },
    { flags: '--port <port>', description: 'port of the hub on 127.0.0.1', default: '8080' },
    { flags: '--home <dir>', description: 'folder for keys, data and log (default: a new temporary one)' },
    { flags: '--nodes <n>', description: `members, ${LEAST_MEMBERS} to ${CAST.length}`, default: String(CAST.length) },
    { flags: '--seed <text>', description: 'seed of the simulated data', default: '1' },
  ],
  examples: ['npx madang demo', 'npx madang demo --season 2024/25 --once --json'],
  run: runDemo,
};

async function runDemo(_args: readonly unknown[], options: Options, io: Io) {
  const given = options['home'] as string | undefined;
  const home = resolve(given ?? mkdtempSync(join(tmpdir(), 'madang-demo-')));
  const interrupted = onInterrupt();
  try {
    return await runIn(home, interrupted, options, io);
  } catch (error) {
    // What could not begin, or was ended before it had a result, is of no use to anybody; after a failure the logs are.
    const useless = interrupted.reason !== undefined || (error instanceof CommandError && error.exit === 2);
    if (given === undefined && useless) rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    throw error;
  } finally {
    interrupted.release();
  }
}

async function runIn(home: string, interrupted: ReturnType<typeof onInterrupt>, options: Options, io: Io) {
  const started = performance.now();
  const count = wholeNumber(options['nodes'], '--nodes', LEAST_MEMBERS, CAST.length);
  const port = wholeNumber(options['port'], '--port', 0, 65_535);
  claimHome(home);
  const list = liveList(process.stderr);
  const data = demoData(
    options['data'] as string | undefined,
    home,
    options['season'] as string | undefined,
    String(options['seed']),
  );
  const once = options['once'] === true;
  const plan = planDemo(home, data, count, studiesOf(options['studies'], once), !once);
  const seconds = () => Number(((performance.now() - started) / 1000).toFixed(1));
  const origin = `demo/${toHex(randomBytes(6))}`;
  const children: Child[] = [];
  try {
    list.set('setup', `Keys and folders for ${count} members in ${home}`);
    const identity = await prepare(plan, origin, once ? 0 : port);
    const hubLog = join(home, 'logs', 'hub.log');
    const hubChild = startChild('hub', '@madang/hub/main', hubHome(plan), hubLog, { MADANG_DISEASE: data.figures });
    children.push(hubChild);
    const url = (await hubChild.ready).replace('listening ', '');
    await configure(plan, origin, url);
    list.done(
      'setup',
      `Keys and folders for ${count} members; ${data.places.length} places with ${data.kind} data dealt to ${plan.holders.length} of them${data.repeated.size > 0 ? `; ${data.repeated.size} rows that stand twice count once` : ''}`,
    );
    const hub = hubClient(url, fetch);
    const receipt = await hub.submit(await foundingStatement(plan, origin, identity, Math.floor(Date.now() / 1000)));
    list.done('found', `Log ${origin} founded; root fingerprint: ${fingerprintWords(fromHex(receipt.id)).join(' ')}`);
    for (const m of plan.members)
      children.push(startChild(m.org, '@madang/node/main', homeOf(plan, m.org), join(home, 'logs', `${m.org}.log`)));

    const alive = () =>
      interrupted.reason ??
      children
        .find(c => c.process.exitCode !== null || c.process.signalCode !== null)
        ?.name.concat(' has ended; see its log in ', join(home, 'logs'));
    const replay = new Replay();
    const scored = new Map<StudyName, Scored>();
    let check: Awaited<ReturnType<typeof verifyFolder>> | undefined;
    let firstVerifiedSeconds: number | undefined;
    for (const name of plan.studies) {
      if (name !== plan.studies[0]) await propose(plan, name);
      const progress = new Progress(list, plan, name);
      const through = (state: State) => {
        const ended = !plan.computing || showJob(list, state);
        return progress.show(state) && ended;
      };
      await watchLog(hub, through, QUIET_SECONDS, alive, replay);
      await settled(hub, replay.past.size, alive);
      list.set(`score-${name}`, 'Gathering the forecasts');
      const { size } = await hub.status();
      const one = await scoreStudy(hub, size, plan, replay.state, name, home);
      scored.set(name, one);
      list.done(
        `score-${name}`,
        one.score
          ? `${WORDS[name]}: relative WIS ${one.score.relwis.toFixed(3)} against ${one.score.baseline}`
          : `${WORDS[name]}: forecasts in ${one.path}`,
      );
      list.set(`verify-${name}`, 'Verifying every signature, tile and rule');
      await copiesWritten();
      check = await verifyFolder(home, {});
      if (check.exit === 1) throw new CommandError(`verification failed at ${check.at}: ${check.reason}`);
      firstVerifiedSeconds ??= seconds();
      list.done(
        `verify-${name}`,
        `Verified after ${seconds()} s: ${check.statements} statements, ${check.witnesses} witnesses, ${check.results} results${check.exit === 3 ? `; not checked: ${check.reason}` : ''}`,
      );
    }
    const { state } = replay;
    const pilot = scored.get('pilot');
    const ridge = scored.get('ridge');

    const document = {
      members: Object.keys(state.members).length,
      contributors: contributorsOf(state),
      rounds: plan.rounds,
      log: { size: replay.past.size, witnesses: check?.witnesses, origin },
      verification: check?.exit === 0 ? 'ok' : 'incomplete',
      ...(pilot ? { forecasts: pilot.path, score: pilot.score } : {}),
      ...(ridge
        ? { sharedRidge: { rounds: roundsOf('ridge', data).rounds, forecasts: ridge.path, score: ridge.score } }
        : {}),
      data: data.kind,
      home,
      url,
      root: fingerprintWords(fromHex(receipt.id)).join(' '),
      firstVerifiedSeconds,
      seconds: seconds(),
    };
    const text = [
      `${document.members} members, ${document.contributors} contributors, ${plan.rounds} ${plan.rounds === 1 ? 'round' : 'rounds'} on ${data.kind} data in ${document.seconds} s.`,
      ...plan.studies.map(name => sentence(name, scored.get(name)!, data)),
      `Privacy: epsilon ${lossOf(plan.studies, data).epsilon.toFixed(1)} at delta ${DELTA} for one ${UNIT}, all studies and rounds together.`,
      `Root fingerprint: ${document.root}`,
      `Check it yourself: npx madang verify ${home}`,
    ].join('\n');
    list.end();
    if (once) return { json: document, text };
    if (io.json) process.stdout.write(`${JSON.stringify(document)}\n`);
    else process.stdout.write(`${text}\n\nThe page: ${url}/   (Ctrl-C ends the demo)\n`);
    await interrupted.promise;
    return undefined;
  } finally {
    await stopChildren(children);
  }
}

/** Waits until the whole log is final. */
async function settled(hub: HubClient, size: number, alive: () => string | undefined): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const dead = alive();
    if (dead) throw new Error(dead);
    const s = await hub.status();
    if (s.finalSize >= size && s.finalSize === s.size) return;
    await new Promise(r => setTimeout(r, 100));
  }
}

/** Members write their copies of the log at most three seconds behind. */
async function copiesWritten(): Promise<void> {
  await new Promise(r => setTimeout(r, 3500));
}

function contributorsOf(state: State): number {
  const all = new Set<string>();
  for (const s of Object.values(state.studies))
    for (const r of Object.values(s.opening?.rounds ?? {}))
      for (const o of r.transcript?.organisations ?? []) all.add(o);
  return all.size;
}

function studiesOf(text: unknown, once: boolean): readonly StudyName[] {
  const names = text === undefined ? (once ? ['pilot'] : ['pilot', 'ridge']) : String(text).split(',');
  const unknown = names.find(n => !(n in KINDS));
  if (unknown !== undefined || new Set(names).size !== names.length)
    throw new CommandError(`--studies takes pilot, ridge or pilot,ridge, not "${text}"`, 2);
  return names as StudyName[];
}

function wholeNumber(text: unknown, option: string, low: number, high: number): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < low || n > high)
    throw new CommandError(`${option} must be a whole number from ${low} to ${high}, not "${text}"`, 2);
  return n;
}
