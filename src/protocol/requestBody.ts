import { canonicalJson, type Json } from './canonicalJson.ts';

export type RequestParameters = { readonly model: string; readonly [name: string]: Json | undefined };

/**
 * The first part of a request body, up to and including `"messages":[`. The messages follow, joined by commas, and
 * `]}` ends it: so each request of a session extends the one before byte for byte, which is what providers can cache.
 */
export function requestHead(parameters: RequestParameters, tools: readonly string[]): string {
  const members = canonicalJson(parameters).slice(0, -1);
  const offered = tools.length === 0 ? '' : `,"tools":[${tools.join(',')}]`;
  return `${members}${offered},"messages":[`;
}

export const REQUEST_TAIL = ']}';
