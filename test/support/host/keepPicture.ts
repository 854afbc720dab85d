import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** A picture for the documentation; only when asked for by UPDATE=1, since no two machines draw alike. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE'] !== '1') return;
  const path = fileURLToPath(new URL(`../../../docs/images/${name}.png`, import.meta.url));
  mkdirSync(dirname(path), { recursive: true });
  await page.mouse.move(640, 790);
  await page.locator('.workbench-hover-container').waitFor({ state: 'hidden' });
  await page.screenshot({ path, animations: 'disabled' });
}
