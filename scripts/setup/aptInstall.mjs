import { isProgram, onPath, runProgram } from './runProgram.mjs';

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
  await runProgram('apt-get', ['update'], { env });
  await runProgram('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
}
