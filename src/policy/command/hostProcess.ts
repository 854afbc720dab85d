import { couldMatch, isPattern } from './namePattern.ts';
import { known } from './marks.ts';

/** Names the editor and its extension host run under. */
const HOSTS = [
  'code',
  'code-insiders',
  'code-oss',
  'code-server',
  'codium',
  'vscodium',
  'cursor',
  'windsurf',
  'electron',
  'node',
  'nodejs',
  'extensionhost',
  'extension-host',
  'code helper',
  'vscode',
  'warrant',
];

/** Whether a name or pattern, as `pkill` and its kin read it, may hit the editor. Unknown counts as no. */
export function mayNameHost(written: string): boolean {
  const name = known(written)
    .toLowerCase()
    .replace(/\.exe$/, '')
    .replace(/^\^|\$$/g, '');
  if (name === '') return false;
  if (/^[.*+?]+$/.test(name)) return true;
  if (isPattern(name) || name.includes('.')) {
    const pattern = `*${name.replace(/\.[*+]/g, '*').replaceAll('.', '?')}*`;
    return HOSTS.some((host) => couldMatch(pattern, host));
  }
  return HOSTS.some((host) => host === name || (name.length >= 3 && host.startsWith(name)));
}
