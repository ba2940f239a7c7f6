export {
  decodeText,
  hasForbiddenKey,
  mayHaveForbiddenKey,
  parseJson,
  type Parsed,
} from './json.ts';
export { gunzipNow, inflate, isEncoding, looksGzipped, type Encoding } from './inflate.ts';
export { splitLines } from './lines.ts';
