import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './error-handler.ts';
import { Problem } from './problems.ts';

/** A route pattern such as `/v1/executions/:id` as an expression over paths. */
function expressionOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(/:[a-zA-Z]+/g, '[^/]+').replaceAll('*', '.*')}$`);
}

/** Answers 405 with `Allow` where the path exists under other methods, 404 otherwise. Call it before routes are added. */
export function answerUnknownAddresses(app: FastifyInstance): void {
  const routes: { readonly path: RegExp; readonly parameters: number; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({
      path: expressionOf(url),
      parameters: url.split(/[:*]/).length - 1,
      methods: [method].flat(),
    });
  });
  const refuse = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?', 1)[0] ?? '';
    const matching = routes.filter((route) => route.path.test(path));
    // An address that is spelt out comes before one with a parameter in that place, as in the OpenAPI document.
    const fewest = Math.min(...matching.map(({ parameters }) => parameters));
    const allowed = [
      ...new Set(matching.filter(({ parameters }) => parameters === fewest).flatMap(({ methods }) => methods)),
    ].toSorted();
    if (allowed.length === 0) {
      return sendProblem(
        reply,
        new Problem('ROUTE_NOT_FOUND', `There is nothing at ${request.method} ${path.slice(0, 200)}; see /docs.`),
      );
    }
    void reply.header('allow', allowed.join(', '));
    return sendProblem(
      reply,
      new Problem(
        'METHOD_NOT_ALLOWED',
        `${path.slice(0, 200)} does not take ${request.method}; it takes ${allowed.join(', ')}.`,
      ),
    );
  };
  // Before its body is read or looked at: nobody wants it.
  app.addHook('onRequest', async (request, reply) => (request.is404 ? refuse(request, reply) : undefined));
  app.setNotFoundHandler(refuse);
}
