import { isProgram, onPath, runProgram } from './runProgram.mjs';

/** A machine without a network is to be told so soon. */
const PATIENCE = ['-o', 'Acquire::http::Timeout=15', '-o', 'Acquire::Retries=1'];

/** Only root on Debian and its kin may install programs unasked. */
export function aptInstalls() {
  return (
    process.platform === 'linux' &&
    process.getuid() === 0 &&
    isProgram('/usr/bin/apt-get') &&
    !!onPath('dpkg')
  );
}

export async function aptInstall(...packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runProgram('apt-get', [...PATIENCE, 'update'], { env });
  await runProgram('apt-get', [...PATIENCE, 'install', '-y', '--no-install-recommends', ...packages], {
    env,
  });
}
