import type { Json } from '../protocol/canonicalJson.ts';

/** Every text in a value redacted, its shape and its names kept. */
export function redactStrings(value: Json, redact: (text: string) => string): Json {
  if (typeof value === 'string') return redact(value);
  if (value === null || typeof value !== 'object') return value;
  if (isArray(value)) return value.map((member) => redactStrings(member, redact));
  const members: [string, Json][] = [];
  for (const [name, member] of Object.entries(value))
    if (member !== undefined) members.push([name, redactStrings(member, redact)]);
  return Object.fromEntries(members);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
