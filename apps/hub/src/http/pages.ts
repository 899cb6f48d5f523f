// Where the public pages join the hub. They are drawn by @madang/web from what the hub may show to anyone.
import type { PagesPlugin } from './app.ts';

export const pages: PagesPlugin = app => {
  app.get('/', c => c.text('Madang hub. See /openapi.json and /v1/status.'));
};
