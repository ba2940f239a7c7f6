import { expect, it } from 'vitest';
import { serverConfig } from './server-config.ts';

it('bears a directory with any name', () => {
  const config = serverConfig({
    host: '127.0.0.1',
    httpPort: 8123,
    tcpPort: 9000,
    dataDir: '/data/a & b <c>',
  });
  expect(config).toContain('<path>/data/a &amp; b &lt;c&gt;/data/</path>');
});
