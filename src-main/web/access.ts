/** @file Who is let in: by the token itself or by the cookie that was given for it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieValueOf, isSameSecret } from './web-token.ts';

const cookieDays = 180;

export class Access {
  readonly #token: string;
  readonly #cookieValue: string;
  #cookieName = 'epicstar';

  constructor(token: string) {
    this.#token = token;
    this.#cookieValue = cookieValueOf(token);
  }

  /** Cookies do not know ports: two hosts on one computer would sign each other's windows out. */
  usePort(port: number): void {
    this.#cookieName = `epicstar-${port}`;
  }

  isToken(given: string): boolean {
    return isSameSecret(given, this.#token);
  }

  hasBearer({ headers }: FastifyRequest): boolean {
    const given = /^Bearer ([^\s]+)$/i.exec(headers.authorization ?? '')?.[1];
    return given !== undefined && this.isToken(given);
  }

  isMember(request: FastifyRequest): boolean {
    const cookie = request.cookies[this.#cookieName];
    return (cookie !== undefined && isSameSecret(cookie, this.#cookieValue)) || this.hasBearer(request);
  }

  letIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    return reply.setCookie(this.#cookieName, this.#cookieValue, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      maxAge: cookieDays * 24 * 60 * 60,
      // Behind a proxy that speaks https. Whoever forges this header only loses the cookie.
      secure: request.headers['x-forwarded-proto'] === 'https',
    });
  }
}
