import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { createSandbox } from '../../../../src/io/sandbox/createSandbox.ts';
import { ids, run } from './lineInSandbox.ts';

/** The whole way from trying out to closing, by a process of an ordinary user; prints what it saw as one line of JSON. */
const [, , base = ''] = argv;
const workspace = join(base, 'home/project');
mkdirSync(workspace, { recursive: true });
writeFileSync(join(base, 'home/secret'), 'KEY');
const sandbox = await createSandbox({ home: join(base, 'home'), storage: join(base, 'storage'), id: ids() });
const request = { writable: [workspace], readable: [], hidden: [], network: 'off' } as const;
const prepared = await sandbox.prepare(request);
if (prepared.kind === 'refused') throw new Error(prepared.because);
const script = 'echo x > made; echo x > .vscode/x; cat ../secret; id -u';
const ran = await run(
  sandbox.wrap(
    {
      file: '/bin/bash',
      argv: ['bash', '-c', script],
      cwd: workspace,
      environment: { PATH: '/usr/bin:/bin' },
      streams: ['ignore', 'pipe', 'ignore'],
    },
    prepared.profile,
  ),
);
const appeared = await prepared.close();
console.log(JSON.stringify({ probe: sandbox.probe, ...ran, appeared }));
