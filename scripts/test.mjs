import { setUp } from './setup.mjs';
import { repository } from './setup/repository.mjs';
import { rightEnvironment } from './setup/rightEnvironment.mjs';
import { runAttached } from './setup/runAttached.mjs';
import { SetupTrouble } from './setup/setupTrouble.mjs';

// In order of cost: what fails fast comes first. Each is the script of that name in package.json.
const stages = ['lint', 'types', 'floors', 'build', 'unit', 'scenarios', 'editor', 'e2e'];
const inWindow = new Set(['editor', 'e2e']);

try {
  process.exitCode = await runStages(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof SetupTrouble ? error.message : error);
  process.exitCode = 1;
}

async function runStages(asked) {
  const unknown = asked.filter((name) => !stages.includes(name));
  if (unknown.length > 0)
    throw new SetupTrouble(`No stage ${unknown.join(', ')}. There are: ${stages.join(', ')}.`);
  const chosen = asked.length > 0 ? stages.filter((name) => asked.includes(name)) : stages;
  const window = chosen.some((name) => inWindow.has(name));
  const started = Date.now();
  const env = rightEnvironment(await setUp({ host: window, browser: window }));
  for (const name of chosen) {
    const code = await runStage(name, env);
    if (code === 0) continue;
    console.log(`\n${name} failed (${code}); ${seconds(started)} in all.`);
    return code;
  }
  console.log(`\nAll passed: ${chosen.join(', ')}; ${seconds(started)} in all.`);
  return 0;
}

async function runStage(name, env) {
  console.log(`\n=== ${name} ===`);
  const started = Date.now();
  const code = await runAttached(env.WARRANT_NODE, ['--run', name], { folder: repository, env });
  console.log(`--- ${name}: ${seconds(started)}`);
  return code;
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
