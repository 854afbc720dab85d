import { randomBytes } from 'node:crypto';
import { repository } from '../setup/repository.mjs';
import { demonstrationSettings } from './demonstration.mjs';

/** Serves VS Code to a browser on this machine until Ctrl+C. */
export async function openServer({ folder }) {
  const { startHost } = await import('../../test/support/host/startHost.ts');
  const { workbenchAddress } = await import('../../test/support/host/workbenchAddress.ts');
  const password = randomBytes(12).toString('base64url');
  const host = await startHost({
    extension: { kind: 'folder', folder: repository },
    settings: demonstrationSettings,
    password,
  });
  console.log('VS Code runs on this machine, reachable from here only.');
  console.log(`  address:  ${workbenchAddress(host.origin, { kind: 'folder', path: folder })}`);
  console.log(`  password: ${password}`);
  console.log('Press Ctrl+C to end.');
  const asked = new Promise((resolve) => process.on('SIGINT', resolve).on('SIGTERM', resolve));
  const ended = await Promise.race([asked.then(() => false), host.ended.then(() => true)]);
  await host.stop();
  if (ended) console.error(`The server ended by itself.\n${host.log().slice(-2000)}`);
  return ended ? 1 : 0;
}
