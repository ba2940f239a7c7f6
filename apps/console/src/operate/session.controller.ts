import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RollcallError } from '@rollcall/contracts-transport';
import type { ApiSession } from '../api.ts';
import { CONSOLE_CONFIG } from '../console.tokens.ts';
import type { ConsoleConfig } from '../console.config.ts';
import { refuseForeignOrigin, SESSION_COOKIE } from './operator.guard.ts';
import { SESSION_MS, Sessions } from './sessions.ts';

const SignInSchema = z.strictObject({ token: z.string().min(1).max(1_000) });

/** Signing in with the admin token, and out. */
@Controller('operate/session')
export class SessionController {
  constructor(
    private readonly sessions: Sessions,
    @Inject(CONSOLE_CONFIG) private readonly config: ConsoleConfig,
  ) {}

  /** Whether the browser that asks is signed in; an answer and no refusal, since a page asks before anybody did. */
  @Get()
  session(@Req() request: FastifyRequest): ApiSession {
    return { is_signed_in: this.sessions.isSignedIn(request.cookies[SESSION_COOKIE]) };
  }

  @Post()
  @HttpCode(204)
  signIn(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    refuseForeignOrigin(request);
    const parsed = SignInSchema.safeParse(body);
    if (!parsed.success) throw new RollcallError('CO_PARAMETER', 'send {"token": "…"}');
    const id = this.sessions.signIn(parsed.data.token);
    void reply.setCookie(SESSION_COOKIE, id, {
      httpOnly: true,
      sameSite: 'strict',
      path: '/operate',
      secure: this.config.CONSOLE_SECURE_COOKIE === 'on',
      maxAge: SESSION_MS / 1_000,
    });
  }

  @Delete()
  @HttpCode(204)
  signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    refuseForeignOrigin(request);
    this.sessions.signOut(request.cookies[SESSION_COOKIE]);
    void reply.clearCookie(SESSION_COOKIE, { path: '/operate' });
  }
}
