import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** Serves a page at `/docs` to browse and try the API. It needs no key itself and loads nothing from elsewhere. */
export async function serveApiPage(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // Swagger UI sizes its own widgets with style attributes; scripts stay confined to our own.
    transformStaticCSP: (header) => header.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
    uiConfig: { deepLinking: true, docExpansion: 'list', persistAuthorization: true },
  });
}
