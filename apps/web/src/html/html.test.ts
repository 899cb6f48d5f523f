import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EntryLine } from '../models.ts';
import { html, trusted } from './html.ts';
import { sentence } from './sentence.ts';

test('values are escaped, templates and lists are not', () => {
  assert.equal(
    html`<p title="${'"a"'}">${'<b>&'}${html`<i>${1}</i>`}${['x', html`<br>`]}</p>`.text,
    '<p title="&quot;a&quot;">&lt;b&gt;&amp;<i>1</i>x<br></p>',
  );
  assert.equal(html`${undefined}${null}${false}${''}`.text, '');
  assert.equal(html`${trusted('<hr>')}`.text, '<hr>');
});

test('whatever the text, it never opens or closes markup', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const out = html`<a href="${text}">${text}</a>`.text;
      assert.match(out, /^<a href="[^"<>]*">[^<>"]*<\/a>$/s);
    }),
  );
});

test('a published forecast is named by its target and day in the list of statements', () => {
  const entry = { index: 7, kind: 'forecast.publish', org: 'bank-c', name: 'Bank C', time: 0 };
  const said = (e: EntryLine) => sentence(e).text;
  assert.match(
    said({ ...entry, forecast: { target: 'ili', asOf: '2025-05-28' } }),
    /Bank C.*published a forecast of influenza-like illness \(ILI\) as of 28 May 2025/,
  );
  assert.match(said(entry), /published a forecast<\/a>$/);
});
