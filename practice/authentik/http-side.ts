import type { IncomingMessage, ServerResponse } from 'node:http';
import { browserRefusal } from './browser-guard.ts';
import type { Connections } from './connections.ts';
import type { FaultSwitch } from './faults.ts';
import type { FileSide } from './file-side.ts';
import {
  faultAnswer,
  jsonAnswer,
  type PlainAnswer,
  sendAnswer,
  sendEndless,
  sendHalfJson,
  textAnswer,
} from './http-answers.ts';
import { answerPage, type PageContext } from './page-api.ts';
import { pageFile } from './page-files.ts';
import { bearerOf, readBody } from './request-body.ts';
import { type ApiContext, answerApi } from './rest.ts';

export interface HttpSideOptions {
  readonly subPath: string;
  readonly api: ApiContext;
  readonly page: PageContext;
  readonly files: FileSide;
  readonly pageDirectory: string | undefined;
  readonly faults: FaultSwitch;
  readonly connections: Connections;
}

/** Answers everything that is not a websocket: the API for outposts, the page for browsers. */
export class HttpSide {
  readonly #options: HttpSideOptions;

  constructor(options: HttpSideOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { subPath } = this.#options;
    const target = request.url ?? '/';
    const url = new URL(target, 'http://practice.invalid');
    if (url.pathname === '/' && subPath !== '/') {
      sendAnswer(response, {
        ...textAnswer(302, `authentik lives at ${subPath}`),
        headers: { location: subPath },
      });
      return;
    }
    const path = url.pathname.startsWith(subPath) ? url.pathname.slice(subPath.length) : undefined;
    if (path?.startsWith('api/')) await this.#api(request, response, path, url.searchParams);
    else if (!(await this.#files(request, response, path)))
      sendAnswer(response, (await this.#page(request, path)) ?? textAnswer(404, 'There is nothing here.'));
  }

  /** Answers what is asked about files; false where it is something else. */
  async #files(request: IncomingMessage, response: ServerResponse, path = ''): Promise<boolean> {
    return browserRefusal(request) === undefined && this.#options.files.answer(request, response, path);
  }

  async #api(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<void> {
    const { faults, api, connections } = this.#options;
    const body = await readBody(request);
    await faults.admit('api');
    const bearer = bearerOf(request);
    const note = (status: number) => {
      api.journal.addRequest({
        method: request.method ?? '',
        target: request.url ?? '',
        userAgent: request.headers['user-agent'],
        authorized: bearer === api.token || bearer === api.adminToken,
        upgrade: false,
        status,
      });
    };
    const { answer } = faults.for('api');
    if (answer === 'rst') {
      note(0);
      connections.below(request.socket)?.resetAndDestroy();
    } else if (answer === 'halfJson') {
      note(200);
      sendHalfJson(response);
    } else if (answer === 'endless') {
      note(200);
      sendEndless(response);
    } else {
      const plain = faultAnswer(answer) ?? this.#answer(request, path, query, bearer, body);
      note(plain.status);
      sendAnswer(response, plain);
    }
  }

  #answer(
    { method = '' }: IncomingMessage,
    path: string,
    query: URLSearchParams,
    bearer: string | undefined,
    body: string | undefined,
  ): PlainAnswer {
    if (body === undefined) return jsonAnswer(413, { detail: 'The request is too long.' });
    const request = { method, path: path.replace(/^api\/v3\//, ''), query, bearer, body };
    const { status, body: answer } = answerApi(request, this.#options.api);
    return jsonAnswer(status, answer);
  }

  async #page(request: IncomingMessage, path: string | undefined): Promise<PlainAnswer | undefined> {
    const refusal = browserRefusal(request);
    if (refusal !== undefined) return textAnswer(403, refusal);
    if (path === undefined) return undefined;
    if (path.startsWith('practice/') && !/\.\w+$/.test(path)) {
      const body = (await readBody(request)) ?? '';
      return answerPage(request.method ?? '', path, body, this.#options.page);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    return pageFile(path, this.#options.pageDirectory, request.headers.host ?? '');
  }
}
