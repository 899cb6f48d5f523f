// The OpenAPI 3.1 document: routes from their schemas, statement bodies from the charter's own.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { statementTypes } from '@madang/charter';

export function addOpenApi(app: OpenAPIHono, version: string): void {
  app.get('/openapi.json', c => {
    const document = app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Madang hub',
        version,
        description:
          'Log tiles follow C2SP tlog-tiles under /checkpoint and /tile. Members sign requests by RFC 9421. Statement bodies are listed under x-statements.',
      },
    });
    const statements = Object.fromEntries(
      statementTypes.map(t => [
        t.kind,
        { summary: t.summary, signers: t.signers, body: t.body.json, refusals: t.refusals },
      ]),
    );
    return c.json({ ...document, 'x-statements': statements });
  });
}
