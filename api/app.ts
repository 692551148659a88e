import { fileURLToPath } from 'node:url';
import autoload from '@fastify/autoload';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { Registry } from 'prom-client';
import { Settings } from 'typebox/system';
import { requireKeys } from './auth.ts';
import { handleClientError, handleError } from './error-handler.ts';
import { StreamPlaces } from './events/stream-places.ts';
import { checkHealth } from './health.ts';
import { countRequests } from './metrics/request-metrics.ts';
import { serveMetrics } from './metrics/serve-metrics.ts';
import { describeApi } from './openapi.ts';
import type { ApiDependencies } from './ports.ts';
import { limitRate } from './rate-limit.ts';
import { limitAddresses, limitArrival } from './request-arrival.ts';
import { answerUnknownAddresses } from './unknown-address.ts';
import { strictValidatorCompiler } from './validation.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
/** A request must have arrived whole within this time, a file within the longer one. */
const ARRIVAL_MS = 30_000;
const FILE_ARRIVAL_MS = 15 * 60_000;
const MAX_FIELD_ERRORS = 64;
/** Headers of a request together, with its address. */
const HEADER_LIMIT_BYTES = 16 * 1024;
const HEADERS_WITHIN_MS = 15_000;
/** Far more than the streams of events and whoever asks beside them. */
const MOST_CONNECTIONS = 1_000;

/**
 * The API over its dependencies, ready for `inject` or `listen`. Routes are the folders of `routes`.
 * @param registry where what it counts of itself is found, perhaps beside figures of the process
 */
export async function buildApp(
  dependencies: ApiDependencies,
  logger?: { readonly level: string; readonly stream: NodeJS.WritableStream },
  registry: Registry = new Registry(),
): Promise<FastifyInstance> {
  Settings.Set({ maxErrors: MAX_FIELD_ERRORS });
  const app = Fastify({
    logger: logger ?? false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: FILE_ARRIVAL_MS,
    http: { maxHeaderSize: HEADER_LIMIT_BYTES, headersTimeout: HEADERS_WITHIN_MS },
    forceCloseConnections: 'idle',
    clientErrorHandler: handleClientError,
    frameworkErrors: (error, request, reply) => void handleError(error, request, reply),
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(strictValidatorCompiler);
  // Response schemas describe, they do not filter: an answer is what the route returned, to the last field.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(handleError);
  answerUnknownAddresses(app as unknown as FastifyInstance);
  app.server.maxConnections = MOST_CONNECTIONS;
  limitAddresses(app as unknown as FastifyInstance);
  limitArrival(app as unknown as FastifyInstance, ARRIVAL_MS);
  logAnswers(app as unknown as FastifyInstance);

  const places = new StreamPlaces(dependencies.settings.streams);
  countRequests(app as unknown as FastifyInstance, registry, {
    openStreams: () => places.open,
    eventLag: () => dependencies.events.lag(),
  });
  await describeApi(app as unknown as FastifyInstance);
  await app.register(async (guarded) => {
    requireKeys(guarded as unknown as FastifyInstance, dependencies.keys, dependencies.settings.wrongKeysPerMinute);
    await limitRate(guarded as unknown as FastifyInstance, dependencies.settings.requestsPerMinute);
    serveMetrics(guarded as unknown as FastifyInstance, registry, dependencies.figures);
    guarded.get('/healthz', { config: { role: 'public' }, schema: { hide: true } }, async (_request, reply) => {
      const { status } = await checkHealth(dependencies);
      return reply
        .code(status === 'down' ? 503 : 200)
        .type('text/plain; charset=utf-8')
        .send(`${status}\n`);
    });
    guarded.get('/openapi.json', { config: { role: 'public' }, schema: { hide: true } }, () => app.swagger());
    await guarded.register(autoload, {
      dir: fileURLToPath(new URL('routes', import.meta.url)),
      forceESM: true,
      ignorePattern: /^schema\.(ts|js)$/,
      options: { prefix: '/v1', dependencies, places },
    });
  });
  return app as unknown as FastifyInstance;
}

/** One line for every change and every refusal; reads that succeed would only drown them. */
function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    if (request.method === 'GET' && reply.statusCode < 400) return;
    const log: FastifyBaseLogger = request.log;
    log.info(`${request.method} ${request.url} ${reply.statusCode} ${Math.round(reply.elapsedTime)} ms`);
  });
}
