import { ensureBrowser } from './setup/ensureBrowser.mjs';
import { ensureHost } from './setup/ensureHost.mjs';
import { ensureModules } from './setup/ensureModules.mjs';
import { ensureSandbox } from './setup/ensureSandbox.mjs';
import { findNode } from './setup/findNode.mjs';

/**
 * Makes this checkout ready, using nothing but Node 20's own modules.
 * Returns the environment variables by which everything after it finds what it needs.
 */
export async function setUp({ host = false, browser = false } = {}) {
  await ensureModules();
  if (host) await ensureSandbox();
  const node = findNode();
  return {
    WARRANT_NODE: node,
    ...(host && { WARRANT_HOST: await ensureHost(node) }),
    ...(browser && { WARRANT_BROWSER: await ensureBrowser() }),
  };
}
