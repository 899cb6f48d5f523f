import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { html, trusted } from './html.ts';

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
