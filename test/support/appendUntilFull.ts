import { createAuditLog } from '../../src/audit/auditLog.ts';
import { randomKey, sealKeyOf } from '../../src/audit/seal.ts';
import { openAppendFile } from '../../src/io/files/appendFile.ts';

/**
 * A program: records until the operating system takes no more, then tries on, and prints as JSON what was taken and
 * what was said. Run under a limit on the size of files or on a small disk.
 */
async function appendUntilFull(path: string): Promise<void> {
  // Without a listener the signal that announces the limit would end the process.
  process.on('SIGXFSZ', () => undefined);
  const file = await openAppendFile(path);
  const log = createAuditLog({
    file,
    session: 'full',
    now: () => 0,
    sleep: () => new Promise(() => undefined),
    sealKey: sealKeyOf(randomKey()),
    epochKey: randomKey(),
    redact: (text) => text,
    onRecord: () => (taken += 1),
  });
  let taken = 0;
  const said: string[] = [];
  for (let tries = 0; tries < 10_000 && said.length < 3; tries += 1) {
    try {
      await log.record({ kind: 'gap', data: { because: 'x'.repeat(700) } });
      if (said.length > 0) said.push('taken after a failure');
    } catch (error) {
      said.push(`${(error as Error).name}: ${(error as Error).message}`);
    }
  }
  process.stdout.write(JSON.stringify({ taken, said }));
}

void appendUntilFull(process.argv[2] ?? '');
