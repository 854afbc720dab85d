// Writes the generated parts of package.json: settings from src/protocol/settings.ts, and which of them a workspace
// that is not trusted may not set. With --check it only says whether they are up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { contributedSettings } from '../test/support/contributedSettings.ts';

const file = fileURLToPath(new URL('../package.json', import.meta.url));
const text = readFileSync(file, 'utf8');
const manifest = JSON.parse(text);
const { properties, restricted } = contributedSettings();
manifest.contributes.configuration = { title: 'Warrant', properties };
manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = restricted;
const next = await format(JSON.stringify(manifest), { parser: 'json-stringify' });

if (process.argv.includes('--check')) {
  if (next !== text) {
    console.error('package.json lags behind src/protocol/settings.ts; run: npm run manifest');
    process.exit(1);
  }
} else if (next !== text) {
  writeFileSync(file, next);
  console.log('package.json: settings written anew');
}
