import type { FastifyInstance } from 'fastify';
import { sendProblem, type AdminToken } from '@rollcall/service-kit';

const PATH = '/replays';

/**
 * Lets only those replay who show the admin token as Bearer, and nobody where there is none. Health and metrics stay
 * open: who reaches this port may know how the service is.
 */
export function guardReplays(fastify: FastifyInstance, token: AdminToken | undefined): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url !== PATH) done();
    else if (token === undefined)
      sendProblem(reply, 'AN_REPLAY_UNSET', 'set ANONYMIZER_ADMIN_TOKEN_FILE and start it again');
    else if (token.isIn(request.headers.authorization)) done();
    else sendProblem(reply.header('www-authenticate', 'Bearer'), 'AN_TOKEN_UNKNOWN');
  });
}
