// The hub's HTTP interface, put together: what members do, what anyone reads, the OpenAPI document made from the same schemas, and the pages.
import { OpenAPIHono } from '@hono/zod-openapi';
import { TrustError } from '@madang/trust';
import type { Hub } from '../hub.ts';
import { addCompute } from './compute.ts';
import { addLogApi } from './log-api.ts';
import { addMemberApi } from './member-api.ts';
import { addOpenApi } from './openapi.ts';
import { isTheirs, problemResponse } from './problem.ts';

const VERSION = '0.1.0';

/** Adds pages (the web's server-drawn HTML) in front of the API; they only read the hub. */
export type PagesPlugin = (app: OpenAPIHono, hub: Hub) => void;

export function hubApp(hub: Hub, pages?: PagesPlugin): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, _c) => {
      if (!result.success) {
        const first = result.error.issues[0];
        return problemResponse({ code: 'bad-shape', why: `${first.path.join('.')}: ${first.message}` });
      }
      return undefined;
    },
  });
  addMemberApi(app, hub);
  addLogApi(app, hub, VERSION);
  addCompute(app, hub);
  addOpenApi(app, VERSION);
  // Pages read the tables, which follow the log in steps: whoever has a receipt finds its statement there.
  app.use(async (_c, next) => {
    await hub.settled();
    await next();
  });
  pages?.(app, hub);
  app.notFound(() =>
    problemResponse({ code: 'not-found', why: 'there is nothing at this address; /openapi.json lists what there is' }),
  );
  app.onError(error => {
    if (error instanceof TrustError && isTheirs(error.code))
      return problemResponse({ code: error.code, why: error.message });
    const code = (error as { code?: string }).code;
    const known = code === 'disk-full' || code === 'store-failed';
    hub.options.log(`request failed: ${error.message.slice(0, 500)}`);
    return problemResponse(
      known
        ? { code, why: `${error.message}. Free some space and send it again: the same statement counts once` }
        : { code: 'internal', why: 'the hub could not do this; its log says why' },
    );
  });
  return app;
}
