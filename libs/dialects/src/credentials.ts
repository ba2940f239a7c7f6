type Headers = Readonly<Record<string, string | undefined>>;

/**
 * The user name of HTTP Basic credentials, which is where Segment's libraries put the write key.
 *
 * @returns undefined without credentials, for an empty user, and for what is not Basic.
 * @see RFC 7617
 */
export function basicUser(headers: Headers): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(headers['authorization'] ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1);
  return user === '' ? undefined : user;
}

/**
 * The token of HTTP Bearer credentials.
 *
 * @see RFC 6750 section 2.1
 */
export function bearerToken(headers: Headers): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers['authorization'] ?? '')?.[1];
}
