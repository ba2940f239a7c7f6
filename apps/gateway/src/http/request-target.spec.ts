import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { expect, test } from 'vitest';
import { resolveTarget, type ProjectsByName } from './request-target.ts';

const kamaji = { project: 'kamaji', dialects: ['kamaji', 'native'] } as unknown as ProjectCatalogue;
const catalogue: ProjectsByName = {
  projects: new Map([['kamaji', kamaji]]),
  byHost: (host) => (host === 'telemetry.clastix.io' ? kamaji : undefined),
};
const resolve = (method: string, url: string, host = '127.0.0.1') =>
  resolveTarget(catalogue, { method, host, url });
const refusal = (method: string, url: string, host?: string): unknown => {
  try {
    return resolve(method, url, host);
  } catch (error) {
    return error;
  }
};

test('finds project and dialect by prefix, with and without a trailing slash', () => {
  for (const url of ['/p/kamaji/stats', '/p/kamaji/stats/', '/p/kamaji/stats?x=1'])
    expect(resolve('POST', url)).toMatchObject({
      project: kamaji,
      path: '/stats',
      dialect: { name: 'kamaji' },
    });
});

test('finds the project by its own host', () => {
  expect(resolve('POST', '/stats', 'telemetry.clastix.io')).toMatchObject({
    project: kamaji,
    path: '/stats',
  });
});

test('finds the native dialect beside the project’s own', () => {
  expect(resolve('POST', '/p/kamaji/events').dialect.name).toBe('native');
});

test.each([
  ['an unknown project', 'POST', '/p/nobody/events', 'GW_PROJECT_UNKNOWN'],
  ['an unknown path', 'POST', '/p/kamaji/nothing', 'GW_PATH_UNKNOWN'],
  ['a path without project', 'POST', '/events', 'GW_PATH_UNKNOWN'],
  ['a wrong method', 'GET', '/p/kamaji/stats', 'GW_METHOD_NOT_ALLOWED'],
])('refuses %s with a code of its own', (_, method, url, code) => {
  expect(refusal(method, url)).toMatchObject({ code });
});

test('names the methods that a path takes', () => {
  expect(refusal('DELETE', '/p/kamaji/events')).toMatchObject({ headers: { allow: 'POST' } });
});
