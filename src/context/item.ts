import { canonicalJson } from '../protocol/canonicalJson.ts';
import { digestOf } from '../protocol/digest.ts';
import type { Item, Message, Origin, ToolDefinition } from '../protocol/message.ts';

/** A message or tool definition as it stands in windows: its exact JSON and the digest of that. */
export function itemOf(value: Message | ToolDefinition, origin: Origin): Item {
  const json = canonicalJson(value);
  return { value, origin, json, digest: digestOf(json) };
}
