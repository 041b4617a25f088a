import type * as v from 'valibot';
import type { Failure } from '../../main/core/errors.ts';
import { REQUESTS } from './console.ts';
import { VIEWER_REQUESTS, type ViewerEvents } from './viewer.ts';

/** Every request of every kind of window: what the one door on the main side knows. */
export const ALL_REQUESTS = { ...REQUESTS, ...VIEWER_REQUESTS } as const;

type Lines = typeof ALL_REQUESTS;
export type RequestName = keyof Lines;
export type Params<N extends RequestName> = v.InferOutput<Lines[N]['params']>;
export type Value<N extends RequestName> = NonNullable<Lines[N]['value']>;

/** The requests of a viewer window; the table says for each which windows may make it. */
export const VIEWER_CALLS = {
  'viewer/about': true,
  'viewer/begin': true,
  'viewer/unlock': true,
  'viewer/save': true,
  'viewer/close': true,
  'preferences/get': true,
} as const satisfies Partial<Readonly<Record<RequestName, true>>>;

export type ViewerCallName = keyof typeof VIEWER_CALLS;

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** What `window.sallyportViewer` is. */
export interface ViewerClient {
  /** Never rejects. */
  call<N extends ViewerCallName>(
    name: N,
    params: v.InferInput<Lines[N]['params']>,
  ): Promise<Answer<Value<N>>>;
  /** Calls `listener` for each event until the returned function is called. */
  on<E extends keyof ViewerEvents>(name: E, listener: (event: ViewerEvents[E]) => void): () => void;
}
