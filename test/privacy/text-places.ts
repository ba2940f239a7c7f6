type Json = unknown;
type Container = Record<string, Json> | Json[];

/** Where something stands in a JSON value: keys and indexes from the outside in. */
export type Place = readonly (string | number)[];

const isContainer = (value: Json): value is Container =>
  typeof value === 'object' && value !== null;

function* walk(value: Json, place: Place): Generator<readonly [Place, Json]> {
  yield [place, value];
  if (!isContainer(value)) return;
  for (const [key, inner] of Object.entries(value))
    yield* walk(inner, [...place, Array.isArray(value) ? Number(key) : key]);
}

/** Every text in a JSON value, by its place. */
export function textPlaces(json: Json): readonly Place[] {
  return [...walk(json, [])]
    .filter(([, value]) => typeof value === 'string')
    .map(([place]) => place);
}

/** Every object in a JSON value, by its place: each can be given one key more. */
export function objectPlaces(json: Json): readonly Place[] {
  return [...walk(json, [])]
    .filter(([, value]) => isContainer(value) && !Array.isArray(value))
    .map(([place]) => place);
}

/** A copy in which what stands at a place is replaced. */
export function replaceAt(json: Json, place: Place, replace: (value: Json) => Json): Json {
  const [key, ...rest] = place;
  if (key === undefined) return replace(json);
  const copy = structuredClone(json) as Record<string | number, Json>;
  copy[key] = replaceAt(copy[key], rest, replace);
  return copy;
}

/** A copy in which every text is replaced. */
export function replaceTexts(json: Json, replace: (text: string) => string): Json {
  if (typeof json === 'string') return replace(json);
  if (Array.isArray(json)) return json.map((item) => replaceTexts(item, replace));
  if (!isContainer(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, replaceTexts(value, replace)]),
  );
}
