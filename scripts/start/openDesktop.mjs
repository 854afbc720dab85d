import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../setup/repository.mjs';
import { demonstrationSettings } from './demonstration.mjs';

/** Opens desktop VS Code in a profile of its own; resolves when it is closed, or after Ctrl+C has closed it. */
export async function openDesktop(code, { folder, parent }) {
  const userData = join(parent, 'user');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify(demonstrationSettings, null, 2));
  const args = [
    '--wait',
    '--new-window',
    `--user-data-dir=${userData}`,
    `--extensions-dir=${join(parent, 'extensions')}`,
    `--extensionDevelopmentPath=${repository}`,
    // Electron refuses to run as root otherwise.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    folder,
  ];
  console.log(`Opening VS Code on ${folder}. Close it, or press Ctrl+C here, to end.`);
  const shell = process.platform === 'win32';
  const child = spawn(shell ? `"${code}"` : code, shell ? args.map((arg) => `"${arg}"`) : args, {
    stdio: 'inherit',
    shell,
  });
  const close = () => closeEditor(userData);
  process.on('SIGINT', close).on('SIGTERM', close);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 0));
  });
}

// The program `code` only hands over to the editor, which leaves its process id in its profile.
function closeEditor(userData) {
  const lock = join(userData, 'code.lock');
  if (!existsSync(lock)) return;
  try {
    process.kill(Number(readFileSync(lock, 'utf8')));
  } catch {
    // It has closed by itself.
  }
}
