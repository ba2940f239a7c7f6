import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageServer {
  /** Another origin than the gateway's: another name and another port. */
  readonly url: string;
  close(): void;
}

const HERE = join(import.meta.dirname, 'page');

/** What a package publishes for browsers. */
function distOf(name: string): string {
  return join(dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`))), 'dist');
}

const FOLDERS: Readonly<Record<string, string>> = {
  page: HERE,
  'posthog-js': distOf('posthog-js'),
  'analytics-next': join(distOf('@segment/analytics-next'), 'umd'),
};

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  mjs: 'text/javascript',
};

/** `/<folder>/<file>`; nothing else is served, so nothing can be climbed out of. */
async function read(
  path: string,
): Promise<{ readonly body: Buffer; readonly type: string } | undefined> {
  const [, folder = '', file = ''] = /^\/([\w-]+)\/([\w.-]+)$/.exec(path) ?? [];
  const type = TYPES[file.split('.').at(-1) ?? ''];
  const directory = FOLDERS[folder];
  if (directory === undefined || type === undefined) return undefined;
  const body = await readFile(join(directory, file)).catch(() => undefined);
  return body && { body, type };
}

/** Serves the test pages and the libraries' own files, as a project's website would. */
export function startPageServer(): Promise<PageServer> {
  const server = createServer((request, response) => {
    void read((request.url ?? '/').split('?', 1)[0] ?? '/').then((found) => {
      if (found) response.writeHead(200, { 'content-type': found.type }).end(found.body);
      else response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://localhost:${port}`, close: () => void server.close() });
    });
  });
}
