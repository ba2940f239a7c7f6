import { expect, it } from 'vitest';
import { usersConfig } from './users-config.ts';

const login = (user: string): { user: string; password: string } => ({
  user,
  password: `secret of ${user}`,
});
const credentials = {
  clickhouse: {
    admin: login('admin'),
    sink: login('sink'),
    analyst: login('analyst'),
    eraser: login('eraser'),
    receipts: login('receipts'),
  },
  gateway: { admin_token: '' },
  projects: { kusk: { write_key: '' }, glasskube: { api_key: '' } },
};

it('holds sums of passwords and no password', () => {
  const users = usersConfig(credentials);
  expect(users).not.toContain('secret of');
  expect(users.match(/<password_sha256_hex>[0-9a-f]{64}</g)).toHaveLength(5);
});

it('lets the user without a password run what the engine itself runs, and nothing more', () => {
  const [, quota] =
    /<engine>.*<queries>(\d+)<\/queries>.*<\/engine>/.exec(usersConfig(credentials)) ?? [];
  expect(quota).toBe('3');
  expect(usersConfig(credentials)).toMatch(
    /<default>\s*<no_password\/>\s*<networks><ip>127.0.0.1<\/ip><\/networks>\s*<profile>default<\/profile>\s*<quota>engine</,
  );
});

it('gives the analyst of a project its user, with a condition on every table that it may read', () => {
  const analysts = { kusk: login('whatever') };
  const users = usersConfig({
    ...credentials,
    clickhouse: { ...credentials.clickhouse, analysts },
  });
  const [analyst = ''] = /<analyst_kusk>.*<\/analyst_kusk>/s.exec(users) ?? [];
  const granted = [...analyst.matchAll(/GRANT SELECT ON rollcall\.(\w+)</g)].map(
    ([, name]) => name,
  );
  const filtered = [...analyst.matchAll(/<(\w+)><filter>project = 'kusk'<\/filter>/g)];
  expect(granted).toContain('events');
  expect(filtered.map(([, name]) => name)).toEqual(granted);
  expect(users).not.toContain('whatever');
});

it('takes no name that is not a project’s', () => {
  const analysts = { "x' OR 1": login('x') };
  expect(() =>
    usersConfig({ ...credentials, clickhouse: { ...credentials.clickhouse, analysts } }),
  ).toThrow('not the name of a project');
});
