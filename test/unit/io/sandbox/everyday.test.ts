import { execFileSync } from 'node:child_process';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lineInSandbox, testFolders, testUsers, whyNoSandbox, type TestLine } from './lineInSandbox.ts';

// Programs are compiled and started here, on machines that are busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const noSandbox = await whyNoSandbox();

const files = {
  'package.json':
    '{ "name": "sample", "type": "module", "scripts": { "test": "node --test", "build": "node build.js" } }',
  'sum.js': 'export const sum = (a, b) => a + b;\n',
  'sum.test.js':
    "import { test } from 'node:test'; import { equal } from 'node:assert'; import { sum } from './sum.js';\ntest('sums', () => equal(sum(1, 2), 3));\n",
  'build.js':
    "import { mkdirSync, writeFileSync } from 'node:fs'; mkdirSync('dist', { recursive: true }); writeFileSync('dist/out.js', '1');\n",
  'types.ts': 'export const n: number = 1;\n',
  'server.js':
    "import { createServer, connect } from 'node:net';\nconst s = createServer((c) => c.end('pong')).listen(0, '127.0.0.1', () => connect(s.address().port, '127.0.0.1').on('data', (d) => { console.log(String(d)); s.close(); }));\n",
  'children.js':
    "import { fork } from 'node:child_process';\nif (process.send) { process.send('child'); process.disconnect(); } else fork('children.js').on('message', (m) => console.log(m));\n",
  Makefile: 'all: made.txt\nmade.txt:\n\techo made > made.txt\n',
  'main.c': '#include <stdio.h>\nint main(void) { puts("compiled"); }\n',
  'script.py':
    "import json, tempfile, multiprocessing, os\nopen('py.json', 'w').write(json.dumps([1]))\nwith tempfile.NamedTemporaryFile() as f: f.write(b'x')\nprint(multiprocessing.cpu_count() > 0)\n",
};

/** Lines of everyday work, what they print, and the program they need; without it the line is left out. */
const everyday: readonly { readonly line: string; readonly prints: RegExp; readonly needs?: string }[] = [
  { line: 'ls', prints: /sum\.js/ },
  { line: 'node -e "console.log(6 * 7)"', prints: /^42$/m },
  { line: 'node build.js && cat dist/out.js', prints: /^1$/m },
  { line: 'npm test', prints: /pass 1/, needs: 'npm' },
  { line: 'npm run build && rm -r dist && npm pkg get name', prints: /"sample"/, needs: 'npm' },
  { line: 'node $TSC --outDir out types.ts && cat out/types.js', prints: /export const n = 1/ },
  { line: 'node server.js', prints: /pong/ },
  { line: 'node children.js', prints: /child/ },
  { line: 'git status --short', prints: /\?\? sum\.js/ },
  { line: 'git add sum.js && git commit -q -m more && git log --oneline | wc -l', prints: /^2$/m },
  {
    line: 'git switch -q -c topic && git rev-parse --abbrev-ref HEAD && git switch -q main',
    prints: /topic/,
  },
  { line: 'git stash -q -- src; git diff --stat; git branch --list', prints: /main/ },
  { line: 'make && cat made.txt', prints: /made$/m, needs: 'make' },
  { line: 'cc main.c -o main && ./main', prints: /compiled/, needs: 'cc' },
  { line: '/usr/bin/python3 script.py && cat py.json', prints: /True\n\[1\]/, needs: '/usr/bin/python3' },
  { line: 'f=$(mktemp) && echo x > "$f" && cat "$f"', prints: /^x$/m },
  { line: 'sort -R /etc/passwd | sort -u | head -1; cat <(echo one) | tr o 0', prints: /0ne/ },
  {
    line: 'echo x > packages/a/new.txt && mv packages/a/new.txt packages/a/b.txt && cat packages/a/b.txt',
    prints: /^x$/m,
  },
  { line: 'mkdir -p deep/er && cp -r src deep/er && find deep -type f', prints: /deep\/er\/src\/a\.txt/ },
  { line: 'rm -r deep; tar cf all.tar src && tar tf all.tar', prints: /src\/a\.txt/ },
  { line: 'whoami; id -u; date; uname; df . | wc -l; ps 2>/dev/null; echo ok', prints: /ok/ },
  { line: 'yes | head -1', prints: /^y$/m },
];

function isHere(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(noSandbox !== undefined).each(testUsers)('as %s, everyday work inside', (user) => {
  let line: TestLine;
  const tsc = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));
  let compiler: string;
  beforeAll(async () => {
    const folders = await testFolders();
    for (const [name, text] of Object.entries(files)) await writeFile(join(folders.workspace, name), text);
    await mkdir(join(folders.workspace, 'node_modules/.bin'), { recursive: true });
    compiler = await realpath(tsc);
    line = await lineInSandbox(user, {}, folders, [dirname(dirname(compiler))]);
  });
  afterAll(() => line.remove());

  it.for(everyday.filter(({ needs }) => needs === undefined || isHere(needs)))(
    '$line',
    async ({ line: text, prints }) => {
      const { end, output } = await line.inside(text, { TSC: compiler });
      expect(output).toMatch(prints);
      expect(end).toEqual({ kind: 'exit', code: 0 });
      expect(line.sandbox.explain(end, output, line.profile)).toBeUndefined();
    },
  );
});
