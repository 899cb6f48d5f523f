// The script of every page: brings to life what the page holds. Reading needs none of it.
import { compareRoot } from './compare.ts';
import { replay } from './replay.ts';
import { verifyPanel } from './verify-panel.ts';

for (const panel of document.querySelectorAll<HTMLElement>('.verify[data-verifier]')) verifyPanel(panel);
for (const box of document.querySelectorAll<HTMLElement>('.replay[data-base]')) replay(box);
for (const form of document.querySelectorAll<HTMLFormElement>('form.compare')) compareRoot(form);
