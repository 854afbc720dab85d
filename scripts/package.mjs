// Makes the VSIX. There is no repository address to check links against until the project has one.
import { runAttached } from './setup/runAttached.mjs';
import { repository } from './setup/repository.mjs';
import { runWhenReady } from './setup/runWhenReady.mjs';

await runWhenReady({}, () =>
  runAttached(
    process.execPath,
    [
      'node_modules/@vscode/vsce/vsce',
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--skip-license',
      '--no-rewrite-relative-links',
      '--out',
      'warrant.vsix',
    ],
    { folder: repository },
  ),
);
