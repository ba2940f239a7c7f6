import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePorts } from '../ports.ts';
import {
  directoryFault,
  diskFault,
  javaFault,
  javaMajor,
  preflightFaults,
  sharedPortFaults,
} from './preflight.ts';

const GIBIBYTE = 2 ** 30;

describe('the version of Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "25" 2025-09-16', 25],
    ['java version "1.8.0_392"', 8],
    ['something else', undefined],
  ])('is read from %j', (text, major) => {
    expect(javaMajor(text)).toBe(major);
  });
});

describe('Java', () => {
  it('is asked for when it is missing', () => {
    expect(javaFault(undefined)).toMatch(/Java is missing.*Install Java 17 or newer/);
  });

  it('is told to be too old, with the version that is there', () => {
    expect(javaFault('openjdk version "11.0.2" 2019-01-15')).toMatch(/Java 11 is too old/);
  });

  it.each(['openjdk version "17.0.1"', 'openjdk version "25"', 'a Java of the future'])(
    'is accepted: %s',
    (text) => {
      expect(javaFault(text)).toBeUndefined();
    },
  );
});

describe('a port', () => {
  const gateway = { port: 8080, what: 'the gateway', variable: 'GATEWAY_PORT' };
  const sink = { port: 8080, what: 'the sink', variable: 'SINK_PORT' };

  it('cannot be meant for two', () => {
    expect(sharedPortFaults([gateway, sink])).toEqual([
      'Port 8080 is meant for both the gateway and the sink. Change SINK_PORT.',
    ]);
    expect(sharedPortFaults([gateway, { ...sink, port: 9103 }])).toEqual([]);
  });

  it('that is taken is named, with who wanted it and what changes it', async () => {
    const [port = 0] = await freePorts(1);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const faults = await preflightFaults({
      dataDir: tmpdir(),
      host: '127.0.0.1',
      ports: [{ ...gateway, port }],
      kafkaLibsDir: undefined,
      startsClickHouse: false,
    });
    other.close();
    expect(faults).toEqual([
      `Port ${port} for the gateway is taken by another program. Stop that one, or choose another port: GATEWAY_PORT=<port> npm start`,
    ]);
  });
});

describe('the data directory', () => {
  it('is made when it is not there', () => {
    expect(directoryFault(join(tmpdir(), `rollcall-${process.pid}`, 'new'))).toBeUndefined();
  });

  it('that cannot be written is named, with the variable that chooses another', () => {
    const fault = directoryFault(join(import.meta.filename, 'below-a-file'));
    expect(fault).toMatch(/below-a-file cannot be written \((ENOTDIR|EEXIST)\).*ROLLCALL_DATA_DIR/);
  });

  it('needs a gibibyte of room', () => {
    expect(diskFault('/somewhere', GIBIBYTE)).toBeUndefined();
    expect(diskFault('/somewhere', GIBIBYTE / 2)).toMatch(/has 0.5 GiB free; 1 GiB is needed/);
  });
});
