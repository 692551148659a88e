import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { acceptDownload } from '../../datasets/accept-download.ts';
import { cancelDownload, downloadOf } from '../../datasets/cancel-download.ts';
import { deleteDataset } from '../../datasets/delete-dataset.ts';
import { downloadNotes } from '../../datasets/download-notes.ts';
import { importDataset } from '../../datasets/import-dataset.ts';
import { datasetOf, resamplerOf } from '../../datasets/resample-dataset.ts';
import { UPLOAD_LIMIT_BYTES } from '../../datasets/spool.ts';
import { datasetView, downloadView, importedView } from '../../datasets/views.ts';
import { idempotencyKeyOf } from '../../idempotency.ts';
import { limitOf } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { operator, viewer } from '../../roles.ts';
import { Problem } from '../../problems.ts';
import { starterOf, startOrLeave } from '../../start-sweep.ts';
import { strictValidatorCompiler } from '../../validation.ts';
import { type DownloadRequest, downloadSchemas } from './download-schema.ts';
import { type ImportQuery, type ResampleRequest, schemas } from './schema.ts';

/** The file itself is checked row by row as it is read. */
const allButTheBody: FastifySchemaCompiler<TSchema> = (part) =>
  part.httpPart === 'body' ? (value: unknown) => ({ value }) : strictValidatorCompiler(part);

/** `/v1/datasets` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies }) => {
  const { datasets, downloads, downloadWorkflows } = dependencies;
  const starter = starterOf(downloads, downloadWorkflows);
  const resample = resamplerOf(datasets);

  await app.register(async (uploads) => {
    // Nothing is read here: the route takes the body as it comes.
    for (const type of ['text/csv', 'application/gzip', 'application/x-gzip']) {
      uploads.addContentTypeParser(type, { bodyLimit: UPLOAD_LIMIT_BYTES }, (_request, body, done) => done(null, body));
    }
    uploads.removeContentTypeParser('application/json');
    uploads.post(
      '',
      {
        config: { role: 'operator', arrivesSlowly: true },
        bodyLimit: UPLOAD_LIMIT_BYTES,
        schema: schemas.import,
        validatorCompiler: allButTheBody,
      },
      async (request, reply) => {
        if (request.body === undefined || request.body === null) {
          throw new Problem(
            'UNSUPPORTED_MEDIA_TYPE',
            'The request has no body; send the file as text/csv or application/gzip.',
          );
        }
        const saved = await importDataset(
          datasets,
          request.query as ImportQuery,
          request.body as AsyncIterable<Uint8Array>,
          request.owner,
        );
        return reply
          .code(saved.created ? 201 : 200)
          .header('location', `/v1/datasets/${saved.record.id}`)
          .send(importedView(saved));
      },
    );
  });

  app.get('', { ...viewer, schema: schemas.list }, async ({ query }) => {
    const { items, next } = await datasets.listDatasets({ ...query, limit: limitOf(query) });
    return { items: items.map((record) => datasetView(record)), next };
  });

  app.get('/:id', { ...viewer, schema: schemas.show }, async ({ params: { id } }) => {
    return datasetView(await datasetOf(datasets, id));
  });

  app.post('/:id/resample', { ...operator, schema: schemas.resample }, async (request, reply) => {
    const { id } = request.params;
    const saved = await resample(id, request.body as ResampleRequest, request.owner);
    return reply
      .code(saved.created ? 201 : 200)
      .header('location', `/v1/datasets/${saved.record.id}`)
      .send(importedView(saved));
  });

  app.delete('/:id', { ...operator, schema: schemas.delete }, async ({ params: { id } }) =>
    datasetView(await deleteDataset(datasets, id)),
  );

  app.post('/downloads', { ...operator, schema: downloadSchemas.start }, async (request, reply) => {
    const { download, created } = await acceptDownload(dependencies, request.body as DownloadRequest, {
      owner: request.owner,
      key: idempotencyKeyOf(request),
    });
    if (download.status === 'running') await startOrLeave(starter, download, 'download', request.log);
    return reply
      .code(created ? 201 : 200)
      .header('location', `/v1/datasets/downloads/${download.id}`)
      .send(downloadView(download));
  });

  app.get('/downloads', { ...viewer, schema: downloadSchemas.list }, async ({ query }) => {
    const { items, next } = await downloads.listDownloads({ ...query, limit: limitOf(query) });
    return { items: items.map((record) => downloadView(record)), next };
  });

  app.get('/downloads/:id', { ...viewer, schema: downloadSchemas.show }, async ({ params }) => {
    const download = await downloadOf(downloads, params.id);
    const dataset = download.datasetId === null ? null : await datasets.findDataset(download.datasetId);
    return downloadView(download, dataset === null ? [] : downloadNotes(download, dataset));
  });

  app.post('/downloads/:id/cancel', { ...operator, schema: downloadSchemas.cancel }, async ({ params }) =>
    downloadView(await cancelDownload(dependencies, params.id)),
  );
};

export default routes;
