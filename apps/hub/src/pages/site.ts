// What every page says about this hub: its log, root, witnesses, and whether its data are simulated.
import { judgeFinality } from '@madang/charter';
import { fingerprintWords, fromHex, openStatement } from '@madang/trust';
import type { Assets, LogBrief, Site } from '@madang/web';
import type { Hub } from '../hub.ts';
import { nameIn } from './people.ts';
import { dataKindOf } from './studies.ts';

/** Returns a function that describes the hub as it is now; witnesses are counted once for each final checkpoint. */
export function siteOf(hub: Hub, assets: Assets): () => Promise<Site> {
  let counted: { size: number; witnesses: LogBrief['witnesses'] } | undefined;
  let rootId = '';
  return async () => {
    const { state } = hub;
    const size = hub.log.published?.size ?? 0;
    const final = hub.finality.final;
    if (rootId === '' && size > 0) rootId = openStatement(await hub.log.entry(0)).id;
    if (!counted || counted.size !== (final?.size ?? 0))
      counted = { size: final?.size ?? 0, witnesses: witnesses(hub) };
    return {
      assets,
      origin: hub.options.origin,
      simulated: Object.values(state.studies).some(s => dataKindOf(s.title) === 'simulated'),
      nameOf: nameIn(state),
      log: {
        size,
        finalSize: final?.size ?? 0,
        time: state.time,
        rules: state.rules,
        operator: hub.options.operator,
        witnesses: counted.witnesses,
        rootId,
        rootWords: rootId === '' ? [] : fingerprintWords(fromHex(rootId)),
      },
    };
  };
}

function witnesses(hub: Hub): LogBrief['witnesses'] {
  const state = hub.finalState ?? hub.state;
  const listed = (state.root?.witnesses ?? []).map(w => w.org);
  const final = hub.finality.final;
  if (!final || !state.root) return { good: [], listed, needed: 0 };
  try {
    const { good, needed } = judgeFinality(state, final.note);
    return { good, listed, needed };
  } catch {
    // Shown as nobody's word; the Verify button says what is wrong.
    return { good: [], listed, needed: 0 };
  }
}
