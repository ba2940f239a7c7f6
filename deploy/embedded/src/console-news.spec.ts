import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConsoleNews, readableLine } from './console-news.ts';

describe('a log line for people', () => {
  it('is the sentence of a service’s JSON, with its fields', () => {
    const line = JSON.stringify({
      level: 'warn',
      time: '2026-11-21T03:00:00Z',
      service: 'sink',
      code: 'CH_UNAVAILABLE',
      msg: 'Waiting for ClickHouse.',
    });
    expect(readableLine(line)).toBe('warn Waiting for ClickHouse. code="CH_UNAVAILABLE"');
  });

  it.each(['plain text', '{"half":'])('is left as it is: %s', (line) => {
    expect(readableLine(line)).toBe(line);
  });
});

describe('news on the console', () => {
  const said: string[] = [];

  beforeEach(() => {
    said.length = 0;
    vi.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text));
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('name who ended, how, with the last lines, and when it comes back', () => {
    const news = createConsoleNews();
    news.crashed('kafka', { code: null, signal: 'SIGKILL' }, ['the last line'], 400);
    expect(said.join('\n')).toMatch(/Kafka ended by itself \(signal SIGKILL\)/);
    expect(said.join('\n')).toContain('the last line');
    expect(said.join('\n')).toContain('It is started again in 0.4 s.');
  });

  it('do not repeat the same alarm', () => {
    const news = createConsoleNews();
    for (const name of ['sink', 'sink', 'gateway']) news.alarmed(name, 'no Kafka');
    expect(said).toEqual(['[sink] no Kafka', '[gateway] no Kafka']);
  });

  it('end with the order to stop', () => {
    const news = createConsoleNews();
    news.silence();
    news.crashed('sink', { code: 1, signal: null }, [], 200);
    news.alarmed('sink', 'no Kafka');
    expect(said).toEqual([]);
  });
});
