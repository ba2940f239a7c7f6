export { RawEventSchema, type RawEvent, type RawSample } from './raw-event.ts';
