// Given to VS Code instead of the tests themselves. A browser window reports success when its extension host dies,
// so the tests leave a proof that they ran to their end; no proof, no success.
const { appendFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { format } = require('node:util');

exports.run = async function run() {
  const report = process.env.WARRANT_TESTS_REPORT;
  sendConsoleTo(join(report, 'output'));
  try {
    const path = process.env.WARRANT_TESTS;
    await runTests(await load(path), path);
    writeFileSync(join(report, 'proof'), 'passed');
  } catch (error) {
    console.error(error?.stack ?? String(error));
    writeFileSync(join(report, 'proof'), 'failed');
    throw error;
  }
};

// VS Code mixes the console of the extension host with its own, and drops lines that do not begin with a string.
function sendConsoleTo(file) {
  for (const name of ['debug', 'error', 'info', 'log', 'warn']) {
    // Defined anew, because VS Code ignores an assignment.
    Object.defineProperty(console, name, {
      value: (...args) => appendFileSync(file, `${format(...args)}\n`),
    });
  }
}

async function load(path) {
  try {
    return require(path);
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ESM' && error.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return import(path);
  }
}

// VS Code's contract: run() returns a promise, or takes a callback that is told the number of failures.
function runTests(tests, path) {
  const run = tests.run ?? tests.default?.run;
  if (typeof run !== 'function') throw new Error(`${path} exports no function named run.`);
  if (run.length < 2) return run();
  return new Promise((resolve, reject) => {
    run(path, (error, failures) => {
      if (error) return reject(error);
      if (failures > 0) return reject(new Error(`${failures} tests failed.`));
      resolve();
    });
  });
}
