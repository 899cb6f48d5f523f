// The trade-off curve of a design: points of which none is better in everything (NSGA-II, Deb et al., IEEE Trans. Evol. Comput. 6, 2002, with
// differential-evolution steps). A point that gives no answer is never on the curve.
import type { Random } from '@madang/numerics';

export interface Variable {
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

/** A point of the curve: variables and objectives, all objectives to be minimised. */
export interface Point {
  readonly x: readonly number[];
  readonly objectives: readonly number[];
}

export interface Search {
  readonly population: number;
  readonly generations: number;
}

/** Finds the curve. `evaluate` gives the objectives, or undefined when the design has no answer. `tick` is called after each evaluation. */
export function tradeOff(
  variables: readonly Variable[],
  evaluate: (x: readonly number[]) => readonly number[] | undefined,
  search: Search,
  r: Random,
  tick: () => void = () => {},
): Point[] {
  if (search.population < 4) throw new RangeError('tradeOff: the population must be at least 4');
  for (const v of variables)
    if (!(v.least < v.most)) throw new RangeError(`tradeOff: ${v.name} must have a least below its most`);
  const tried = (x: readonly number[]): Point[] => {
    const objectives = evaluate(x);
    tick();
    return objectives?.every(Number.isFinite) ? [{ x, objectives }] : [];
  };
  let people: Point[] = latin(variables, search.population, r).flatMap(tried);
  for (let g = 0; g < search.generations; g++) {
    const children: Point[] = [];
    for (let k = 0; k < search.population; k++) {
      const pick = () => people[r.below(people.length)]?.x ?? latin(variables, 1, r)[0];
      const [a, b, c, d] = [tournament(people, r)?.x ?? pick(), pick(), pick(), pick()];
      const forced = r.below(variables.length);
      const x = variables.map((v, i) => {
        const moved = i === forced || r.uniform() < 0.7 ? a[i] + 0.5 * (b[i] - a[i]) + 0.5 * (c[i] - d[i]) : a[i];
        const shaken = r.uniform() < 0.1 ? moved + 0.1 * (v.most - v.least) * r.normal() : moved;
        return reflect(shaken, v);
      });
      children.push(...tried(x));
    }
    people = select([...people, ...children], search.population);
  }
  return fronts(people)[0]?.sort((a, b) => a.objectives[0] - b.objectives[0]) ?? [];
}

/** True when a is nowhere worse and somewhere better than b. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] > b[i]) return false;
    if (a[i] < b[i]) better = true;
  }
  return better;
}

function fronts(points: readonly Point[]): Point[][] {
  const out: Point[][] = [];
  let rest = [...points];
  while (rest.length > 0) {
    const front = rest.filter(p => !rest.some(q => dominates(q.objectives, p.objectives)));
    out.push(front);
    rest = rest.filter(p => !front.includes(p));
  }
  return out;
}

/** Best fronts first; the last one that fits partly gives its loneliest points. */
function select(points: readonly Point[], count: number): Point[] {
  const out: Point[] = [];
  for (const front of fronts(points)) {
    if (out.length + front.length <= count) out.push(...front);
    else {
      const space = crowding(front);
      const order = front.map((_, i) => i).sort((a, b) => space[b] - space[a]);
      out.push(...order.slice(0, count - out.length).map(i => front[i]));
    }
    if (out.length >= count) break;
  }
  return out;
}

function crowding(front: readonly Point[]): number[] {
  const space = front.map(() => 0);
  for (let k = 0; k < (front[0]?.objectives.length ?? 0); k++) {
    const order = front.map((_, i) => i).sort((a, b) => front[a].objectives[k] - front[b].objectives[k]);
    const at = (i: number) => front[order[i]].objectives[k];
    const range = at(order.length - 1) - at(0) || 1;
    space[order[0]] = space[order[order.length - 1]] = Number.POSITIVE_INFINITY;
    for (let i = 1; i + 1 < order.length; i++) space[order[i]] += (at(i + 1) - at(i - 1)) / range;
  }
  return space;
}

function tournament(people: readonly Point[], r: Random): Point | undefined {
  if (people.length === 0) return undefined;
  const [a, b] = [people[r.below(people.length)], people[r.below(people.length)]];
  return dominates(b.objectives, a.objectives) ? b : a;
}

function latin(variables: readonly Variable[], count: number, r: Random): number[][] {
  const columns = variables.map(v => {
    const cells = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = r.below(i + 1);
      [cells[i], cells[j]] = [cells[j], cells[i]];
    }
    return cells.map(c => v.least + ((c + r.uniform()) / count) * (v.most - v.least));
  });
  return Array.from({ length: count }, (_, i) => columns.map(c => c[i]));
}

function reflect(x: number, v: Variable): number {
  const width = v.most - v.least;
  const t = (((x - v.least) % (2 * width)) + 2 * width) % (2 * width);
  return v.least + (t <= width ? t : 2 * width - t);
}
