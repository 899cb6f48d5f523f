// What each event may do. A rule either changes the register or refuses by name and changes nothing.
import { approach, initial, key } from './article6.ts';
import type { RemovalEvent } from './events.ts';
import { issue, party, reversal } from './issuing.ts';
import { adjust, authorise, retire, transfer, withdraw } from './moving.ts';
import { refuse, type State, type Verdict } from './state.ts';

/** Applies an event whose form is whole and whose id is new. */
export function apply(s: State, e: RemovalEvent): Verdict {
  if ('kilograms' in e && !(e.kilograms > 0)) return refuse('bad-amount', `${e.kilograms} kg is not above 0`);
  switch (e.kind) {
    case 'party':
      return party(s, e);
    case 'key':
      return key(s, e);
    case 'approach':
      return approach(s, e);
    case 'initial':
      return initial(s, e);
    case 'issue':
      return issue(s, e);
    case 'authorise':
      return authorise(s, e);
    case 'withdraw':
      return withdraw(s, e);
    case 'transfer':
      return transfer(s, e);
    case 'adjust':
      return adjust(s, e);
    case 'retire':
      return retire(s, e);
    case 'reversal':
      return reversal(s, e);
  }
}
