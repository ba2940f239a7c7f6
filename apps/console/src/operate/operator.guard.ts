import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RollcallError } from '@rollcall/contracts-transport';
import { Sessions } from './sessions.ts';

export const SESSION_COOKIE = 'rollcall_session';

/** Lets in who signed in, and no request that a page of another origin made them send. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(private readonly sessions: Sessions) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    refuseForeignOrigin(request);
    if (!this.sessions.isSignedIn(request.cookies[SESSION_COOKIE]))
      throw new RollcallError('CO_SIGNED_OUT');
    return true;
  }
}

/** The cookie is SameSite=Strict already; this holds where a browser does not know that. @throws CO_FOREIGN_ORIGIN */
export function refuseForeignOrigin({ headers, host }: FastifyRequest): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isForeign =
    (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (isForeign) throw new RollcallError('CO_FOREIGN_ORIGIN');
}
