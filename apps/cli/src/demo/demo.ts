// `madang demo`: a hub, nine organisations and five banks as separate processes, a pilot study on surveillance data, its verification, and a page.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type HubClient, hubClient } from '@madang/api';
import { microRhoOf, type State } from '@madang/charter';
import { pilotSpec, squaredSensitivity } from '@madang/disease';
import { MODEL } from '@madang/node/setup';
import { epsilonFromRho } from '@madang/privacy';
import { fingerprintWords, fromHex, randomBytes, toHex } from '@madang/trust';
import { type Command, CommandError, type Io, type Options } from '../command.ts';
import { verifyFolder } from '../verify/folder.ts';
import { CAST, LEAST_MEMBERS } from './cast.ts';
import { demoData } from './data.ts';
import { gatherForecasts, scoreDemo } from './forecasts.ts';
import { type LiveList, liveList } from './live-list.ts';
import { type Child, startChild, stopChildren } from './processes.ts';
import {
  configure,
  type DemoPlan,
  foundingStatement,
  homeOf,
  hubHome,
  NOISE_VARIANCE,
  planDemo,
  prepare,
  UNIT,
} from './setup.ts';
import { watchLog } from './watch.ts';

const DELTA = 1e-5;

export const demo: Command = {
  name: 'demo',
  summary: 'a whole hub on this machine: 14 members, a pilot study, verification, a page',
  description:
    'Starts a hub and its members as separate processes on loopback, lets them answer one question together, verifies the log and serves a page.\n' +
    'Without --data the surveillance data are simulated, and every page and file says so.',
  options: [
    {
      flags: '--data <dir>',
      description: 'real series: a folder with vintages.csv (target, location, date, as_of, value)',
    },
    { flags: '--season <season>', description: 'replay one season deadline by deadline, e.g. 2024/25' },
    { flags: '--once', description: 'end after the first verified result instead of serving the page' },
    { flags: '--port <port>', description: 'port of the hub on 127.0.0.1', default: '8080' },
    { flags: '--home <dir>', description: 'folder for keys, data and log (default: a new temporary one)' },
    { flags: '--nodes <n>', description: `members, ${LEAST_MEMBERS} to ${CAST.length}`, default: String(CAST.length) },
    { flags: '--seed <text>', description: 'seed of the simulated data', default: '1' },
  ],
  examples: ['npx madang demo', 'npx madang demo --season 2024/25 --once --json'],
  run: runDemo,
};

async function runDemo(_args: readonly unknown[], options: Options, io: Io) {
  const started = performance.now();
  const count = wholeNumber(options['nodes'], '--nodes', LEAST_MEMBERS, CAST.length);
  const port = wholeNumber(options['port'], '--port', 0, 65_535);
  const home = resolve((options['home'] as string | undefined) ?? mkdtempSync(join(tmpdir(), 'madang-demo-')));
  const list = liveList(process.stderr);
  const data = demoData(
    options['data'] as string | undefined,
    home,
    options['season'] as string | undefined,
    String(options['seed']),
  );
  const plan = planDemo(home, data, count);
  const origin = `demo/${toHex(randomBytes(6))}`;
  const children: Child[] = [];
  const interrupted = onInterrupt();
  try {
    list.set('setup', `Keys and folders for ${count} members in ${home}`);
    const identity = await prepare(plan, origin, options['once'] === true ? 0 : port);
    const hubChild = startChild('hub', '@madang/hub/main', hubHome(plan), join(home, 'logs', 'hub.log'));
    children.push(hubChild);
    const url = (await hubChild.ready).replace('listening ', '');
    await configure(plan, origin, url);
    list.done(
      'setup',
      `Keys and folders for ${count} members; ${data.places.length} places with ${data.kind} data dealt to ${plan.holders.length} of them`,
    );
    const hub = hubClient(url, fetch);
    const receipt = await hub.submit(await foundingStatement(plan, origin, identity, Math.floor(Date.now() / 1000)));
    list.done('found', `Log ${origin} founded; root fingerprint: ${fingerprintWords(fromHex(receipt.id)).join(' ')}`);
    for (const m of plan.members)
      children.push(startChild(m.org, '@madang/node/main', homeOf(plan, m.org), join(home, 'logs', `${m.org}.log`)));

    const seconds = 60 + plan.rounds * 15 + data.deadlines.length * 3;
    const alive = () =>
      interrupted.reason ??
      children
        .find(c => c.process.exitCode !== null || c.process.signalCode !== null)
        ?.name.concat(' has ended; see its log in ', join(home, 'logs'));
    const replay = await watchLog(hub, state => show(list, plan, state), seconds, alive);
    await settled(hub, replay.past.size, alive);

    list.set('forecasts', 'Gathering the forecasts');
    const path = join(home, `${MODEL}.csv`);
    const entries = async function* () {
      const { size } = await hub.status();
      const { splitBundle } = await import('@madang/trust');
      for (let at = 0; at < size; at += 1024)
        yield* splitBundle(await hub.entries(at, Math.min(size, at + 1024)), 1024);
    };
    writeFileSync(path, await gatherForecasts(hub, entries()));
    const score = scoreDemo(data, path);
    list.done(
      'forecasts',
      `Forecasts in ${path}${score ? `; relative WIS ${score.relwis.toFixed(3)} against ${score.baseline}` : ''}`,
    );

    list.set('verify', 'Verifying every signature, tile and rule');
    await copiesWritten();
    const { state } = replay;
    const check = await verifyFolder(home, {});
    if (check.exit === 1) throw new CommandError(`verification failed at ${check.at}: ${check.reason}`);
    list.done(
      'verify',
      `Verified: ${check.statements} statements, ${check.witnesses} witnesses, ${check.results} results${check.exit === 3 ? `; not checked: ${check.reason}` : ''}`,
    );

    const spent = microRhoOf(squaredSensitivity(pilotSpec([])), NOISE_VARIANCE) * plan.rounds;
    const epsilon = epsilonFromRho(spent / 1e6, DELTA);
    const document = {
      members: Object.keys(state.members).length,
      contributors: contributorsOf(state),
      rounds: plan.rounds,
      log: { size: replay.past.size, witnesses: check.witnesses, origin },
      verification: check.exit === 0 ? 'ok' : 'incomplete',
      forecasts: path,
      score: score
        ? {
            ...score,
            noise: { unit: UNIT, variance: NOISE_VARIANCE, epsilon: Number(epsilon.toFixed(2)), delta: DELTA },
          }
        : null,
      data: data.kind,
      home,
      url,
      root: fingerprintWords(fromHex(receipt.id)).join(' '),
      seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
    };
    const text = [
      `${document.members} members, ${document.contributors} contributors, ${plan.rounds} rounds on ${data.kind} data in ${document.seconds} s.`,
      score
        ? `Relative WIS ${score.relwis.toFixed(3)} against ${score.baseline} on ${score.n} targets; privacy: epsilon ${epsilon.toFixed(1)} at delta ${DELTA} for one ${UNIT}, all rounds together.`
        : `No truth for these weeks beside the data, so no score; privacy: epsilon ${epsilon.toFixed(1)} at delta ${DELTA} for one ${UNIT}.`,
      `Root fingerprint: ${document.root}`,
      `Check it yourself: npx madang verify ${home}`,
    ].join('\n');
    list.end();
    if (options['once'] === true) return { json: document, text };
    if (io.json) process.stdout.write(`${JSON.stringify(document)}\n`);
    else process.stdout.write(`${text}\n\nThe page: ${url}/   (Ctrl-C ends the demo)\n`);
    await interrupted.promise;
    return undefined;
  } finally {
    await stopChildren(children);
    interrupted.release();
  }
}

/** Shows where things stand; true when the pilot is finished and every forecast is out. */
function show(list: LiveList, plan: DemoPlan, state: State): boolean {
  const members = Object.keys(state.members).length;
  const total = plan.members.length;
  (members === total ? list.done : list.set)('join', `Members joined: ${members} of ${total}`);
  const witnesses = state.root?.witnesses.length ?? 0;
  if (members === total)
    (witnesses === total ? list.done : list.set)('witnesses', `Witnesses in the root: ${witnesses} of ${total}`);
  const study = Object.values(state.studies)[0];
  if (!study) return false;
  if (study.stage === 'failed') throw new CommandError(`the study failed: ${study.failure?.why}`);
  const approvals = Object.keys(study.approvals).length;
  (study.stage === 'proposed' ? list.set : list.done)(
    'approve',
    `Approvals by the stewards' policies: ${approvals} of ${plan.holders.length}`,
  );
  const rounds = Object.values(study.opening?.rounds ?? {}).filter(r => r.result).length;
  if (study.opening)
    (rounds === plan.rounds ? list.done : list.set)('rounds', `Rounds answered: ${rounds} of ${plan.rounds}`);
  if (rounds < plan.rounds) return false;
  const expected = plan.data.deadlines.length * plan.holders.length;
  (study.opening?.returned ? list.done : list.set)(
    'publish',
    `Forecasts signed: ${state.forecasts} of at most ${expected}`,
  );
  return study.opening?.returned === true && state.forecasts >= published(plan, state);
}

/** Members publish one forecast a deadline; a member whose places are all silent at a deadline publishes none, so quiet counts as done. */
let lastForecasts = { count: -1, at: 0 };
function published(plan: DemoPlan, state: State): number {
  const expected = plan.data.deadlines.length * plan.holders.length;
  if (state.forecasts !== lastForecasts.count) lastForecasts = { count: state.forecasts, at: performance.now() };
  return performance.now() - lastForecasts.at > 4000 ? state.forecasts : expected;
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

function wholeNumber(text: unknown, option: string, low: number, high: number): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < low || n > high)
    throw new CommandError(`${option} must be a whole number from ${low} to ${high}, not "${text}"`, 2);
  return n;
}

/** Ctrl-C ends the demo in good order: children first. */
function onInterrupt(): { promise: Promise<void>; reason: string | undefined; release(): void } {
  let finish: () => void = () => undefined;
  const promise = new Promise<void>(r => {
    finish = r;
  });
  const state = {
    promise,
    reason: undefined as string | undefined,
    release: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
  const stop = () => {
    state.reason = 'interrupted';
    finish();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return state;
}
