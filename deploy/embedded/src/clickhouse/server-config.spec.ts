import { expect, it } from 'vitest';
import { serverConfig, usersConfig } from './server-config.ts';

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

it('bears a directory with any name', () => {
  const config = serverConfig({
    host: '127.0.0.1',
    httpPort: 8123,
    tcpPort: 9000,
    dataDir: '/data/a & b <c>',
  });
  expect(config).toContain('<path>/data/a &amp; b &lt;c&gt;/data/</path>');
});
