import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** A request as a real client put it on the wire (`test/fixtures/captures`). */
export interface CapturedRequest {
  readonly method: string;
  readonly target: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly bodyBase64: string;
}

/** Of a capture: what the client was answered then, and was content with. */
export interface AnsweredRequest extends CapturedRequest {
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Reads a capture by its file name without ending. */
export function readCapture(name: string): readonly AnsweredRequest[] {
  const file = new URL(`../fixtures/captures/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { requests: AnsweredRequest[] }).requests;
}

/** The write keys that the captured clients had, by the project that they stand for. */
export const CAPTURED_KEYS = {
  kusk: ['kusk-telemetry-token', 'test-write-key'],
  glasskube: ['phc_glasskube_test', 'phc_test'],
} as const;

/** Path and query; a client behind a proxy has the whole address in its request line. */
function originForm({ target, path }: CapturedRequest): string {
  return target.startsWith('/') ? target : path;
}

/**
 * The bytes of a captured request: its own method, headers in their order and spelling, and body. Only the target may
 * get a prefix in front (`/p/kamaji`), as a client has that is given a base URL with a path.
 */
export function toRequestBytes(request: CapturedRequest, prefix = ''): Buffer {
  const target = prefix === '' ? request.target : prefix + originForm(request);
  const head = [
    `${request.method} ${target} HTTP/1.1`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n\r\n`),
    Buffer.from(request.bodyBase64, 'base64'),
  ]);
}

/** Whether what came is a whole answer: head, and as much body as it announces. */
function parseAnswer(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const headers = text.slice(0, end);
  const body = text.slice(end + 4);
  const length = Number(/content-length: *(\d+)/i.exec(headers)?.[1] ?? 0);
  if (Buffer.byteLength(body) < length) return undefined;
  return { status: Number(headers.slice(9, 12)), headers, body };
}

/** Writes bytes to a socket and reads one answer. Fails when none came within `timeoutMs`. */
export function exchange(
  bytes: Buffer,
  { host, port }: { host: string; port: number },
  timeoutMs = 15_000,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write(bytes));
    let text = '';
    socket.setTimeout(timeoutMs, () =>
      socket.destroy(new Error(`no answer within ${timeoutMs} ms`)),
    );
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection closed before a whole answer')));
    socket.on('data', (chunk: string) => {
      text += chunk;
      const answer = parseAnswer(text);
      if (answer === undefined) return;
      resolve(answer);
      socket.destroy();
    });
  });
}
