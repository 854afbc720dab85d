import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWarrant, type WarrantWindow } from '../test/support/host/openWarrant.ts';
import { chatPage, sendMessage } from '../test/support/host/warrantViews.ts';
import { openView, runCommand, runningExtension, trustFolder } from '../test/support/host/workbench.ts';
import { startModelServer } from '../test/support/modelServer.ts';
import { median, type Figure } from './figure.ts';

const READS = 20;
const EDITS = 10;
const sample = fileURLToPath(new URL('../sample', import.meta.url));

/** The same turns in a real extension host, through the real sidebar; edits under sources are allowed by rule. */
export async function hostFigures(): Promise<readonly Figure[]> {
  let atEnd = Number.NaN;
  const late: { window?: WarrantWindow } = {};
  const usage = { input: 1_000, output: 20 };
  const server = await startModelServer({
    replies(_request, number) {
      const calls =
        number < READS
          ? [{ name: 'read_file', arguments: { path: `read${number}.txt` } }]
          : [
              {
                name: 'edit_file',
                arguments: { path: `edit${number}.txt`, replacements: [{ old: 'line 7', new: 'LINE 7' }] },
              },
            ];
      if (number < READS + EDITS) return { calls, usage, chunkBytes: 1_000_000 };
      atEnd = late.window === undefined ? Number.NaN : extensionHostMemory(late.window);
      return { text: 'Done.', usage };
    },
  });
  const settings = {
    'warrant.model.provider': 'openai',
    'warrant.model.baseUrl': server.url,
    'warrant.model.name': 'bench',
    'warrant.edits.allow': ['edit*.txt'],
    'warrant.limits.stepsPerTurn': 1_000,
    'warrant.limits.modelCallsPerMinute': 0,
    'warrant.limits.toolCallsPerMinute': 0,
  };
  const window = await openWarrant({ template: sample, settings });
  late.window = window;
  try {
    for (let n = 0; n < READS + EDITS; n += 1) {
      const text = Array.from(
        { length: 12 },
        (_, line) => `line ${line} of file ${n}, forty characters long or so\n`,
      ).join('');
      writeFileSync(join(window.workspace, `${n < READS ? 'read' : 'edit'}${n}.txt`), text);
    }
    await trustFolder(window.page);
    const bare = extensionHostMemory(window);
    await openView(window.page, 'Warrant');
    const chat = await chatPage(window.page);
    const idle = extensionHostMemory(window);
    await runCommand(window.page, 'Developer: Show Running Extensions');
    const activation = /Activation:\s*(\d+)\s*ms/.exec(await runningExtension(window.page, 'Warrant'))?.[1];
    await sendMessage(chat, 'Read and edit every file.');
    await server.request(READS + EDITS);
    await chat.getByText('Done.').waitFor();
    const gaps = server.requests
      .slice(1)
      .map((request, index) => request.headersAt - (server.requests[index]?.answeredAt ?? Number.NaN));
    return [
      { figure: 'activation as VS Code counts it', value: Number(activation), unit: 'ms', budget: 20 },
      { figure: 'editor gap, read turns', value: median(gaps.slice(0, READS)), unit: 'ms', budget: 25 },
      {
        figure: 'editor gap, edit turns allowed by rule',
        value: median(gaps.slice(READS)),
        unit: 'ms',
        budget: 100,
      },
      { figure: 'extension host before the view was opened', value: bare, unit: 'MB' },
      { figure: 'added while idle, the view open', value: idle - bare, unit: 'MB', budget: 10 },
      { figure: 'added after the task', value: atEnd - bare, unit: 'MB', budget: 120 },
    ];
  } finally {
    await window.stop();
    await server.close();
  }
}

/** Resident memory of the extension host that belongs to this window's server; Linux only. */
function extensionHostMemory({ host }: WarrantWindow): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const command = read(`/proc/${pid}/cmdline`);
    if (!command.includes('--type=extensionHost') || !read(`/proc/${pid}/environ`).includes(host.base))
      continue;
    return Number(/VmRSS:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1]) / 1024;
  }
  return Number.NaN;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
