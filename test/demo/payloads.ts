import { readFileSync } from 'node:fs';
import type { Credentials } from '@rollcall/embedded';
import { readCapture, toRequestBytes, type CapturedRequest } from '../replay/capture.ts';

/** One request of the demonstration, as bytes, and where it comes from. */
export interface DemoRequest {
  readonly project: string;
  readonly title: string;
  readonly request: CapturedRequest;
  /** Path prefix for clients that have no key and share this host. */
  readonly prefix: string;
}

type Headers = readonly (readonly [string, string])[];

const HOST = ['Host', 'localhost'] as const;

function page(file: string): Buffer {
  return readFileSync(new URL(`../fixtures/pages/${file}`, import.meta.url));
}

/** A payload of a page with the headers its client sends. */
function fromPage(method: string, path: string, headers: Headers, file: string): CapturedRequest {
  const body = page(file);
  return {
    method,
    target: path,
    path,
    headers: [HOST, ...headers, ['Content-Length', String(body.length)]],
    bodyBase64: body.toString('base64'),
  };
}

/** The same request with this deployment's key in place of the one that was captured. */
function withKey(request: CapturedRequest, capturedKey: string, key: string): CapturedRequest {
  const body = Buffer.from(
    Buffer.from(request.bodyBase64, 'base64').toString().replaceAll(capturedKey, key),
  );
  const headers = request.headers.map(([name, value]): readonly [string, string] => {
    if (name === 'Authorization')
      return [name, `Basic ${Buffer.from(`${key}:`).toString('base64')}`];
    return name === 'Content-Length' ? [name, String(body.length)] : [name, value];
  });
  return { ...request, headers, bodyBase64: body.toString('base64') };
}

function captures(project: string, name: string, prefix: string): DemoRequest[] {
  return readCapture(name).map((request, i) => ({
    project,
    title: `capture ${name} #${i} ${request.path}`,
    request,
    prefix,
  }));
}

const KAMAJI_HEADERS: Headers = [
  ['User-Agent', 'clastix/kamaji-telemetry'],
  ['Content-Type', 'application/json'],
];
const COZYSTACK_HEADERS: Headers = [
  ['Content-Type', 'text/plain'],
  ['X-Cluster-Id', '1b671a64-40d5-491e-99b0-da01ff1f3341'],
  ['User-Agent', 'Go-http-client/1.1'],
];
const SEGMENT_HEADERS: Headers = [
  ['User-Agent', 'analytics-go (version: 3.0.0)'],
  ['Content-Type', 'application/json'],
];

function pages(): DemoRequest[] {
  const kamaji = ['stats', 'create', 'update', 'delete'].map((name) => ({
    project: 'kamaji',
    title: `page /${name}`,
    prefix: '/p/kamaji',
    request: fromPage('POST', `/${name}`, KAMAJI_HEADERS, `kamaji-${name}.json`),
  }));
  const cozystack = ['operator', 'controller'].map((name) => ({
    project: 'cozystack',
    title: `page ${name}`,
    prefix: '/p/cozystack',
    request: fromPage('POST', '/', COZYSTACK_HEADERS, `cozystack-${name}.txt`),
  }));
  const kusk = {
    project: 'kusk',
    title: 'page track',
    prefix: '',
    request: fromPage('POST', '/v1/track', SEGMENT_HEADERS, 'kusk-track.json'),
  };
  return [...kamaji, ...cozystack, kusk];
}

/** Everything the demonstration sends: what is on the pages, then what real clients put on the wire. */
export function demoRequests({ projects }: Credentials): DemoRequest[] {
  const kusk = captures('kusk', 'kusk', '').map((one) => ({
    ...one,
    request: withKey(one.request, 'kusk-telemetry-token', projects.kusk.write_key),
  }));
  const glasskube = captures('glasskube', 'glasskube', '').map((one) => ({
    ...one,
    request: withKey(one.request, 'phc_glasskube_test', projects.glasskube.api_key),
  }));
  return [
    ...pages(),
    ...captures('kamaji', 'kamaji', '/p/kamaji'),
    ...captures('sveltos', 'sveltos-real', '/p/sveltos'),
    ...captures('cozystack', 'cozystack-real', '/p/cozystack'),
    ...kusk,
    ...glasskube,
  ];
}

/** The bytes of a request; as a dry run when asked, which changes one header and nothing else. */
export function bytesOf({ request, prefix }: DemoRequest, isDryRun: boolean): Buffer {
  if (!isDryRun) return toRequestBytes(request, prefix);
  return toRequestBytes(
    { ...request, headers: [...request.headers, ['Rollcall-Dry-Run', '1']] },
    prefix,
  );
}
