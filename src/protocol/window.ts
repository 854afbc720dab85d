import type { Brand } from './brand.ts';
import type { Digest } from './digest.ts';
import type { Item } from './message.ts';
import type { RequestParameters } from './requestBody.ts';

export type WindowReason = 'turn' | 'tool' | 'retry';

/** One complete request to a model, before it is recorded. `body` is what will be sent, byte for byte. */
export type Window = {
  readonly reason: WindowReason;
  readonly model: string;
  readonly endpoint: string;
  readonly parameters: RequestParameters;
  readonly tools: readonly Item[];
  readonly messages: readonly Item[];
  readonly body: Uint8Array<ArrayBuffer>;
  readonly bodyDigest: Digest;
};

/** Proof that a window stands on the record; only the audit log makes one, and nothing is sent without it. */
export type WindowReceipt = { readonly window: number; readonly proof: Brand<'WindowReceipt'> };
