import type { Login } from '@rollcall/embedded';

/** Where ClickHouse answers, and as whom to ask. */
export interface AnalystAccess {
  readonly url: string;
  readonly login: Login;
}

/** Runs a query over HTTP as the analyst, the way a person with curl does. Parameters are `{name:Type}` in the text. */
export async function ask<Row>(
  { url, login }: AnalystAccess,
  query: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Row[]> {
  const address = new URL(url);
  address.searchParams.set('default_format', 'JSONEachRow');
  address.searchParams.set('output_format_json_quote_64bit_integers', '0');
  for (const [name, value] of Object.entries(parameters))
    address.searchParams.set(`param_${name}`, value);
  const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  const response = await fetch(address, {
    method: 'POST',
    body: query,
    headers: { authorization },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`ClickHouse refused a query: ${text.slice(0, 300)}`);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}
