import { digestOf } from '../../protocol/digest.ts';
import type { Json } from '../../protocol/canonicalJson.ts';

/** A value as OTLP/JSON writes it: 64-bit numbers are texts. */
type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } };
export type KeyValue = { readonly key: string; readonly value: AnyValue };

/** `kind` 1 is internal, 3 a client's; `code` 2 is an error. */
export type Span = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: 1 | 3;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly status: { readonly code?: 2; readonly message?: string };
};

/** `severityNumber` 9 is information, 13 a warning, 17 an error. */
export type LogRecord = {
  readonly timeUnixNano: string;
  readonly severityNumber: 9 | 13 | 17;
  readonly eventName: string;
  readonly attributes: readonly KeyValue[];
  readonly traceId?: string;
  readonly spanId?: string;
};

export type Histogram = {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly histogram: { readonly aggregationTemporality: 2; readonly dataPoints: readonly HistogramPoint[] };
};
export type HistogramPoint = {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly count: string;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly bucketCounts: readonly string[];
  readonly explicitBounds: readonly number[];
};

/** What was said under names; what is undefined is left out. */
export type Said = { readonly [name: string]: Json | undefined };

export function attributesOf(said: Said): readonly KeyValue[] {
  return Object.entries(said).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: Json): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  // OTLP has no word for null inside a list but an empty text.
  if (value === null) return { stringValue: '' };
  if (isList(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: attributesOf(value) } };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Nanoseconds since 1970, of a time as records have it. */
export function nanos(time: string): string {
  return `${Date.parse(time)}000000`;
}

/** Ids are made of what they stand for, so that exporting twice makes no second trace. */
export function traceId(session: string, turn: number): string {
  return Buffer.from(digestOf(`trace ${turn} ${session}`), 'base64url').toString('hex', 0, 16);
}

export function spanId(session: string, seq: number): string {
  return Buffer.from(digestOf(`span ${seq} ${session}`), 'base64url').toString('hex', 0, 8);
}
