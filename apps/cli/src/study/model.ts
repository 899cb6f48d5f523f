// madang study model: the model of a live study, worked out again from the published rounds, each checked on the way. Nothing but the public log is needed.
import { readFile, writeFile } from 'node:fs/promises';
import { HubError, hubClient } from '@madang/api';
import type { State, Study } from '@madang/charter';
import {
  checkResult,
  kindOf,
  type LearningStudyKind,
  learningStudyKinds,
  type PublishedRound,
  plainJson,
  publishedRound,
  totalDeviation,
} from '@madang/study';
import { type AuditReport, audit, type BlobReader } from '@madang/study/verify';
import { type Command, CommandError, type Options, type Outcome } from '../command.ts';
import { openFolder, verifyFolder } from '../verify/folder.ts';

export const model: Command = {
  name: 'model',
  summary: 'print the model that a live study has learnt',
  description: [
    'Takes a study (its id, the first eight or more digits of it, or its title) and where its log is: a hub, or a folder as for `madang verify`.',
    'The log is verified, every published round is held against the revealed shares, and the model is worked out from them again: nobody is trusted for it.',
    'Of a kind that learns nothing the last result is printed. --rows scores the model on rows of your own, which stay where they are.',
  ].join('\n'),
  arguments: [
    ['<study>', 'id of the study, its beginning, or its title'],
    ['<where>', 'URL of a hub, or a folder'],
  ],
  options: [
    { flags: '--out <file>', description: 'write the model to a file (JSON) instead of printing it' },
    { flags: '--rows <file>', description: "CSV with the query's columns: the model's mean loss on these rows" },
  ],
  examples: [
    'madang study model 3f2a90c1 http://127.0.0.1:8080',
    'madang study model 3f2a90c1 ./home --rows mine.csv --out model.json',
  ],
  async run(args, options) {
    const [name, where] = args.map(String);
    try {
      const { state, blobs, verified } = await readLog(where);
      const [id, study] = findStudy(state, name);
      return await show(id, study, state, blobs, verified, options);
    } catch (error) {
      // A hub that cannot be reached is neither right nor wrong.
      if (error instanceof HubError) throw new CommandError(error.message, 3, { cause: error });
      throw error;
    }
  },
};

interface Log {
  readonly state: State;
  readonly blobs: BlobReader;
  readonly verified: AuditReport['exit'];
}

async function readLog(where: string): Promise<Log> {
  const remote = /^https?:\/\//.test(where);
  const hub = remote ? hubClient(where, fetch) : undefined;
  const blobs: BlobReader = hub ? digest => hub.blob(digest) : (await openFolder(where)).blobs;
  const report = hub ? await audit({ source: { read: p => hub.read(p) }, blobs }) : await verifyFolder(where, {});
  if (report.exit === 1) throw new CommandError(`the log is wrong at ${report.at}: ${report.reason}`, 1);
  if (!report.state) throw new CommandError(`the log could not be read: ${report.reason}`, 3);
  return { state: report.state, blobs, verified: report.exit };
}

function findStudy(state: State, name: string): [id: string, study: Study] {
  const found = Object.entries(state.studies).filter(
    ([id, s]) => s.title === name || (/^[0-9a-f]{8,64}$/.test(name) && id.startsWith(name)),
  );
  if (found.length === 1) return found[0];
  const list = (found.length > 1 ? found : Object.entries(state.studies)).map(
    ([id, s]) => `${id.slice(0, 8)} ${s.title}`,
  );
  const why = found.length > 1 ? `${found.length} studies are called "${name}"` : `there is no study "${name}"`;
  throw new CommandError(`${why}; there are: ${list.join(' · ') || 'none'}`, 2);
}

async function show(
  id: string,
  study: Study,
  state: State,
  blobs: BlobReader,
  verified: AuditReport['exit'],
  options: Options,
): Promise<Outcome> {
  const kind = kindOf(study.kind, study.version);
  if (!kind) throw new CommandError(`this program does not know studies of kind ${study.kind} ${study.version}`, 3);
  const rounds = await publishedRounds(state, study, blobs);
  const queryBytes = await blobs(study.query);
  if (!queryBytes) throw new CommandError(`the query of "${study.title}" is not to be had`, 3);
  const query = kind.parse(new TextDecoder().decode(queryBytes));
  const learns = learningStudyKinds.find(k => k.kind === study.kind) as LearningStudyKind | undefined;
  const found = modelOf(kind, study, query, rounds);
  const evaluation =
    options['rows'] === undefined ? undefined : await evaluate(learns, query, found, String(options['rows']));
  const about = {
    study: id,
    title: study.title,
    kind: study.kind,
    stage: study.stage,
    rounds: rounds.length,
    declaredRounds: study.rounds,
    ended: kind.ended?.(query, rounds) ?? rounds.length === study.rounds,
    contributors: rounds.at(-1)!.contributors,
    logChecked: verified === 0,
  };
  const json = { ...about, ...(evaluation ? { evaluation } : {}), model: plainJson(found) };
  if (options['out'] !== undefined) await writeFile(String(options['out']), `${JSON.stringify(json)}\n`);
  const text = [
    `"${study.title}", ${study.kind}: ${rounds.length} of ${study.rounds} rounds, ${about.ended ? 'the model is whole' : 'more rounds are to come'}`,
    `${about.contributors} organisations in the last round; every round is the sum of its revealed shares`,
    ...(verified === 0 ? [] : ['some of the log could not be checked: see madang verify']),
    ...(evaluation
      ? [
          `mean loss on your ${evaluation.rows} rows: ${evaluation.loss.toPrecision(4)}; trained and scored on them alone ${evaluation.alone.toPrecision(4)}`,
        ]
      : []),
    options['out'] === undefined ? JSON.stringify(json.model) : `written to ${options['out']}`,
  ];
  const { model: whole, ...short } = json;
  return { json: options['out'] === undefined ? { ...short, model: whole } : short, text: text.join('\n'), exit: 0 };
}

/** Every published round from the first, each held against shares and slips. */
async function publishedRounds(state: State, study: Study, blobs: BlobReader): Promise<PublishedRound[]> {
  if (study.collector !== 'public')
    throw new CommandError(`the results of "${study.title}" are for ${study.collector}, not public`, 1);
  const rounds: PublishedRound[] = [];
  for (let r = 1; r <= study.rounds && study.opening?.rounds[String(r)]?.result; r++) {
    const check = await checkResult(state, study, String(r), blobs);
    if (check.outcome === 'wrong') throw new CommandError(check.why, 1);
    if (check.outcome === 'missing') throw new CommandError(`round ${r}: ${check.why}`, 3);
    rounds.push(publishedRound(check.sums, study.opening.rounds[String(r)].transcript!.organisations));
  }
  if (rounds.length === 0) throw new CommandError(`"${study.title}" has no result yet (${study.stage})`, 1);
  return rounds;
}

/** The learner's state, or of a kind without one what its last round says. */
function modelOf(
  kind: NonNullable<ReturnType<typeof kindOf>>,
  study: Study,
  query: unknown,
  rounds: readonly PublishedRound[],
): unknown {
  if ('modelAfter' in kind) return (kind as LearningStudyKind).modelAfter(query as never, rounds);
  return kind.decode(query, rounds.at(-1)!.sums, totalDeviation(study), rounds);
}

async function evaluate(kind: LearningStudyKind | undefined, query: unknown, found: unknown, path: string) {
  if (!kind) throw new CommandError('--rows: this kind of study has no model that can be scored on rows', 2);
  try {
    return kind.evaluate(query as never, found, await readFile(path, 'utf8'));
  } catch (error) {
    throw new CommandError(`--rows ${path}: ${error instanceof Error ? error.message : String(error)}`, 2, {
      cause: error,
    });
  }
}
