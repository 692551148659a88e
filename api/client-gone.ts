import type { FastifyReply } from 'fastify';

/** The reason of a `clientGone` signal: there is nobody left to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** Aborts when the client goes away before it has its whole answer. */
export function clientGone({ raw }: Pick<FastifyReply, 'raw'>): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableEnded) gone.abort(new ClientGone('the client went away before it had its answer'));
  });
  return gone.signal;
}
