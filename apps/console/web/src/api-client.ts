import type { ApiProblem } from '../../src/api.ts';

/** What the console answered instead of what was asked for. */
export class ApiError extends Error {
  readonly code: string;

  constructor({ code, title, detail }: ApiProblem) {
    super(detail === title ? title : `${title}: ${detail.replace(`${title}: `, '')}`);
    this.code = code;
  }
}

const NO_ANSWER: ApiProblem = {
  code: 'NO_ANSWER',
  title: 'The console does not answer',
  detail: 'The console does not answer',
};

async function toProblem(answer: Response): Promise<ApiProblem> {
  try {
    return (await answer.json()) as ApiProblem;
  } catch {
    return NO_ANSWER;
  }
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch {
    throw new ApiError(NO_ANSWER);
  }
  if (!answer.ok) throw new ApiError(await toProblem(answer));
  return answer;
}

/** @throws ApiError */
export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const answer = await ask(path, signal === undefined ? {} : { signal });
  return (await answer.json()) as Answer;
}

/** @throws ApiError */
export async function sendJson(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Response> {
  const init: RequestInit =
    body === undefined
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return ask(path, init);
}
