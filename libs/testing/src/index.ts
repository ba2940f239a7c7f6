export { createRecordingLog, type LoggedLine, type RecordingLog } from './recording-log.ts';
export { createSetClock, type SetClock } from './set-clock.ts';
export { silentLog } from './silent-log.ts';
export { testServers, uniqueName, type TestLogin, type TestServers } from './test-servers.ts';
