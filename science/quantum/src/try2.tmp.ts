import { random } from '@madang/numerics';
import { builder } from './algorithms/families.ts';
import { referenceRun, sampleFrames } from './stabiliser/frames.ts';

const b = builder(1000);
const r = random(1);
for (let i = 0; i < 1e6; i++) {
  const k = r.below(3);
  const q = r.below(1000);
  if (k === 0) b.gate('h', [q]);
  else if (k === 1) b.gate('s', [q]);
  else b.gate('cx', [q, (q + 1 + r.below(999)) % 1000]);
}
b.measureAll();
const c = b.circuit();
let t = performance.now();
referenceRun(c);
console.log('reference', (performance.now() - t).toFixed(0));
t = performance.now();
sampleFrames(c, 1024, random(2));
console.log('1024 shots', (performance.now() - t).toFixed(0));
