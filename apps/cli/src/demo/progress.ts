// Where the demo stands, read from the public log: a line for each thing that happens, and when a study is through.
import type { State, Study } from '@madang/charter';
import { CommandError } from '../command.ts';
import type { LiveList } from './live-list.ts';
import type { DemoPlan } from './setup.ts';
import { KINDS, type StudyName } from './studies.ts';

/** A member whose places are all silent at a deadline publishes nothing for it: forecasts are complete when none has come for so long. */
const QUIET_MS = 4000;

/** Shows the progress of one study; true when it is finished and every forecast is out. */
export class Progress {
  private readonly list: LiveList;
  private readonly plan: DemoPlan;
  private readonly name: StudyName;
  private last = { count: -1, at: 0 };

  constructor(list: LiveList, plan: DemoPlan, name: StudyName) {
    this.list = list;
    this.plan = plan;
    this.name = name;
  }

  show(state: State): boolean {
    const { list, plan, name } = this;
    const line = (key: string, done: boolean, text: string) => (done ? list.done : list.set)(key, text);
    const members = Object.keys(state.members).length;
    const total = plan.members.length;
    line('join', members === total, `Members joined: ${members} of ${total}`);
    const witnesses = state.root?.witnesses.length ?? 0;
    if (members === total) line('witnesses', witnesses === total, `Witnesses in the root: ${witnesses} of ${total}`);
    const study = studyOf(state, name);
    if (study?.stage === 'failed')
      throw new CommandError(`the study "${study.title}" failed: ${study.failure?.why ?? 'no reason given'}`);
    if (!study) return false;
    const what = WORDS[name];
    const approvals = Object.keys(study.approvals).length;
    line(
      `approve-${name}`,
      study.stage !== 'proposed',
      `${what}: approvals by the stewards' policies: ${approvals} of ${plan.holders.length}`,
    );
    if (!study.opening) return false;
    const answered = Object.values(study.opening.rounds).filter(r => r.result).length;
    line(`rounds-${name}`, answered === study.rounds, `${what}: rounds answered: ${answered} of ${study.rounds}`);
    if (answered < study.rounds) return false;
    // Earlier studies have published all of theirs.
    const place = plan.studies.indexOf(name) + 1;
    const expected = place * plan.data.deadlines.length * plan.holders.length;
    const complete = study.opening.returned && this.complete(state.forecasts, expected);
    line(`publish-${name}`, complete, `${what}: forecasts signed, in all: ${state.forecasts} of at most ${expected}`);
    return complete;
  }

  private complete(count: number, expected: number): boolean {
    if (count !== this.last.count) this.last = { count, at: performance.now() };
    return count >= expected || performance.now() - this.last.at > QUIET_MS;
  }
}

export const WORDS: Readonly<Record<StudyName, string>> = { pilot: 'Pooled histogram', ridge: 'Shared ridge' };

export function studyOf(state: State, name: StudyName): Study | undefined {
  return Object.values(state.studies).find(s => s.kind === KINDS[name]);
}
