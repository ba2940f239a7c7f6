import { connect } from 'node:net';

const API_VERSIONS = 18;
const CORRELATION_ID = 0x524f4c4c;
const TIMEOUT_MS = 1000;

function apiVersionsRequest(): Buffer {
  const clientId = Buffer.from('rollcall-probe');
  const request = Buffer.alloc(14 + clientId.length);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(API_VERSIONS, 4);
  request.writeInt16BE(0, 6);
  request.writeInt32BE(CORRELATION_ID, 8);
  request.writeInt16BE(clientId.length, 12);
  clientId.copy(request, 14);
  return request;
}

/**
 * Asks a broker which requests it understands: the smallest exchange that shows a Kafka which serves clients, and
 * not only a port that is open. A whole client for this would cost a second per start.
 *
 * @returns whether it answered without an error. Never fails.
 * @see https://kafka.apache.org/protocol#The_Messages_ApiVersions
 */
export function answersApiVersions(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let received = Buffer.alloc(0);
    const end = (isAnswered: boolean): void => {
      socket.destroy();
      resolve(isAnswered);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('connect', () => socket.write(apiVersionsRequest()));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      // size, correlation id, error code
      if (received.length >= 10)
        end(received.readInt32BE(4) === CORRELATION_ID && received.readInt16BE(8) === 0);
    });
  });
}
