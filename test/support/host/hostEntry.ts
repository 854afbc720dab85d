import { join } from 'node:path';
import { installation } from './installation.ts';

export function hostEntry(): string {
  return join(installation.host, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
}
