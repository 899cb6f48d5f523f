// Which members forecast a plain panel together, and with what weights (docs/decisions/0115, 0170): trees and a network upon a ridge corrected
// for each group and place, trees of each group alone, a network alone, analogues. What stands at nothing and often does not is the analogues' alone.
import { analogMember, LEVEL_ANALOGS } from './members/analogs.ts';
import { BOOSTING, boostingMember } from './members/boosting.ts';
import { groupedMember } from './members/grouped.ts';
import { type Member, QUANTILES } from './members/member.ts';
import { NETWORK, networkMember } from './members/network.ts';
import type { Design } from './panel/design.ts';

/** A value below this share of the place's scale is nothing. */
const NOTHING = 0.01;
/** A place that is at nothing in so large a share of its periods has nothing to come back from. */
const MOSTLY = 0.8;

/** Members and weights for a panel of months or weeks. */
export function panelMembers(perYear: number): Member[] {
  const monthly = { penaltyPeriods: 40, correctionPeriods: 120, groupPeriods: 30, leastPeriods: 48 };
  const weekly = { penaltyPeriods: 50, correctionPeriods: 250, groupPeriods: 120 };
  const upon = { without: ['level'], hidden: 0, ...(perYear === 12 ? monthly : weekly) };
  const trees = { ...BOOSTING, bands: 8 };
  const nets = { ...NETWORK, nets: 3, share: 0.7 };
  const own = { spreadPeriods: 20 };
  // Weeks of a few countries are too few for models of one country, and for a network without the ridge.
  const alone: [number, Member][] =
    perYear === 12
      ? [
          [2, groupedMember(boostingMember('boosting', trees))],
          [1, networkMember('network', { ...nets, epochs: 3 })],
        ]
      : [[1, boostingMember('boosting', { ...trees, ...own })]];
  const weighed: readonly [number, Member][] = [
    [2, boostingMember('boosting upon the tuned ridge', { ...trees, ...own, upon })],
    ...alone,
    [1, networkMember('network upon the tuned ridge', { ...nets, epochs: 2, upon })],
  ];
  const analogues = {
    columns: LEVEL_ANALOGS,
    neighbours: 120,
    otherSignal: 0.5,
    perPeriod: 6,
    upon: { from: 1 / 3, plan: upon },
  };
  return [
    ...weighed.map(([w, m]) => ({ ...notFromNothing(m), weight: { established: w, newcomer: w } })),
    analogMember('analogues', analogues),
  ];
}

/**
 * The member without the rows that begin at nothing, unless their place is mostly there. How an outbreak begins is a matter of a few cases or
 * none, for which a centre and a scale are the wrong words; what followed such months elsewhere says it.
 */
function notFromNothing(member: Member): Member {
  return {
    ...member,
    train(design, seed) {
      const trained = member.train(design, seed);
      return {
        quantiles(d) {
          const q = trained.quantiles(d);
          const asked = fromNothing(d);
          for (let i = 0; i < d.rows; i++) if (asked[i]) q.fill(Number.NaN, i * QUANTILES, (i + 1) * QUANTILES);
          return q;
        },
      };
    },
  };
}

function fromNothing({ panel, rows, place, base }: Design): boolean[] {
  const nothing = (z: number) => panel.transform.backward(z) < NOTHING;
  const often = panel.places.map(p => {
    const known = p.z.filter(z => !Number.isNaN(z));
    return known.filter(nothing).length < MOSTLY * known.length;
  });
  return Array.from({ length: rows }, (_, i) => often[place[i]] && nothing(panel.places[place[i]].z[base[i]]));
}
