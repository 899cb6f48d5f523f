import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeGrid } from '../grid/grid.ts';
import { readCase } from '../matpower/read-case.ts';
import { solveDcOpf } from '../opf/dc.ts';
import { caseText } from '../testing/small-case.ts';
import { drawGrid } from './picture.ts';

test('the picture names the grid, draws every bus and branch, marks the congested line, and is the same each time', () => {
  const grid = makeGrid(readCase(caseText().replace('0.7\t50', '0.7\t30').replace('mpc = small', 'mpc = a_b')), {
    needCosts: true,
  });
  const r = solveDcOpf(grid, { form: 'powermodels' });
  const svg = drawGrid({ ...grid, name: 'north & <south>' }, r);
  assert.match(svg, /<title id="t">north &amp; &lt;south&gt;<\/title>/);
  assert.equal(svg.match(/<circle/g)?.length, 3);
  assert.equal(svg.match(/stroke="#b3261e"[^>]*><title>/g)?.length, 1);
  assert.match(svg, /1 of them congested/);
  assert.equal(svg, drawGrid({ ...grid, name: 'north & <south>' }, r));
  assert.ok(!svg.includes('NaN'));
});
