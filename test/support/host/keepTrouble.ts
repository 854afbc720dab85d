import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach } from 'vitest';
import { auditFiles } from './auditFiles.ts';
import type { WarrantWindow } from './openWarrant.ts';

/** After a test that failed, keeps a picture of the window, the server's log and the audit files, and says where. */
export function keepTrouble(opened: () => WarrantWindow | undefined): void {
  afterEach(async ({ task }) => {
    const window = opened();
    if (window === undefined || task.result?.state !== 'fail') return;
    const parent = process.env['WARRANT_TEST_ARTIFACTS'] ?? tmpdir();
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, 'warrant-e2e-'));
    await window.page.screenshot({ path: join(folder, 'window.png'), timeout: 5000 }).catch(() => undefined);
    writeFileSync(join(folder, 'server.log'), window.host.log());
    for (const file of auditFiles(window.host.base)) copyFileSync(file, join(folder, basename(file)));
    process.stderr.write(`“${task.name}” failed; a picture, logs and records: ${folder}\n`);
  });
}
