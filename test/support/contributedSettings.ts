import * as z from 'zod';
import { settings } from '../../src/protocol/settings.ts';

type Contributed = { properties: Record<string, unknown>; restricted: string[] };

/** What package.json says of the settings, from their one declaration. */
export function contributedSettings(): Contributed {
  const properties: Record<string, unknown> = {};
  for (const [order, [key, { schema, scope, description }]] of Object.entries(settings).entries()) {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' });
    delete json.format;
    properties[`warrant.${key}`] = { ...json, scope, order, markdownDescription: description };
  }
  return { properties, restricted: Object.keys(properties) };
}
