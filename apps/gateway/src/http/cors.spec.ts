import { expect, test } from 'vitest';
import { corsHeaders, preflightAnswer } from './cors.ts';

const fromBrowser = {
  origin: 'https://app.example',
  'access-control-request-headers': 'authorization,content-type',
};

test('mirrors the origin and the asked headers, since a wildcard does not cover Authorization', () => {
  expect(preflightAnswer(fromBrowser, [])).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
    },
  });
});

test('lets only the origins of the catalogue read, when it names some', () => {
  expect(corsHeaders(fromBrowser, ['https://glasskube.dev'])).toEqual({ vary: 'Origin' });
  expect(corsHeaders({ origin: 'https://glasskube.dev' }, ['https://glasskube.dev'])).toMatchObject(
    {
      'access-control-allow-origin': 'https://glasskube.dev',
    },
  );
});

test('tells the preflight of a foreign origin nothing', () => {
  expect(preflightAnswer(fromBrowser, ['https://glasskube.dev']).headers).toEqual({
    vary: 'Origin',
  });
});

test('mirrors names of headers only', () => {
  const odd = { ...fromBrowser, 'access-control-request-headers': 'a: b; c' };
  expect(preflightAnswer(odd, []).headers).not.toHaveProperty('access-control-allow-headers');
});

test('lets a browser see when it may try again', () => {
  expect(corsHeaders(fromBrowser, [])).toMatchObject({
    'access-control-expose-headers': 'Retry-After',
  });
});

test('adds nothing for clients that are no browsers', () => {
  expect(corsHeaders({}, [])).toEqual({});
});
