/**
 * The user name of HTTP Basic credentials, which is where a write key is.
 *
 * @returns undefined without credentials, for an empty user, and for what is not Basic.
 * @see RFC 7617
 */
export function basicUser(authorization: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1);
  return user === '' ? undefined : user;
}
