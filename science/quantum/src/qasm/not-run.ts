// What a program says and this package does not do: calibrations, which belong to hardware. Listed with its place, so that nobody takes counts for
// those of a program with its pulses.
import type { Statement } from './ast.ts';
import type { Problem } from './check-names.ts';
import type { Loaded } from './load.ts';

/** Every `cal`, `defcal` and `defcalgrammar` of a program, in order. Calls of `extern` functions are errors instead. */
export function notRun(loaded: Loaded): Problem[] {
  const out: Problem[] = [];
  const note = (s: Statement, message: string) => out.push({ ...loaded.sources.place(s.at), message });
  const visit = (list: readonly Statement[]): void => {
    for (const s of list) {
      if (s.kind === 'cal') note(s, 'this cal block is not run');
      else if (s.kind === 'defcalgrammar') note(s, `calibrations in ${s.target} are not read`);
      else if (s.kind === 'defcal')
        note(s, `this calibration of ${s.target} is not run; its definition is what counts`);
      for (const inner of bodies(s)) visit(inner);
    }
  };
  visit(loaded.program.body);
  return out;
}

function bodies(s: Statement): readonly (readonly Statement[])[] {
  switch (s.kind) {
    case 'scope':
    case 'box':
    case 'gate':
    case 'def':
      return [s.body];
    case 'for':
    case 'while':
      return [[s.body]];
    case 'if':
      return s.otherwise ? [[s.then], [s.otherwise]] : [[s.then]];
    case 'switch':
      return s.cases.map(c => c.body);
    default:
      return [];
  }
}
