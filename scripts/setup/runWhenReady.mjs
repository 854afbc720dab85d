import { setUp } from '../setup.mjs';
import { rightEnvironment } from './rightEnvironment.mjs';
import { runAttached } from './runAttached.mjs';
import { SetupTrouble } from './setupTrouble.mjs';

/**
 * Sets up, then runs `main` under a Node that runs TypeScript: in this process, or, when this Node is too old, by
 * starting the same script again. What `main` returns is the exit code.
 */
export async function runWhenReady(needs, main) {
  try {
    const env = rightEnvironment(await setUp(needs));
    if (!process.features.typescript) {
      process.exitCode = await runAttached(env.WARRANT_NODE, process.argv.slice(1), { env });
      return;
    }
    Object.assign(process.env, env);
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof SetupTrouble ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
