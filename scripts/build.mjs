// Builds dist/ with esbuild. Each output has a size it must not pass: a bundle that grows past it has swallowed
// something it should not hold.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { build } from 'esbuild';

const production = !process.argv.includes('--development');

/** The extension asks for the agent by its source name; at run time it is the file beside it, loaded on first use. */
const agentApart = {
  name: 'agent-apart',
  setup(setup) {
    setup.onResolve({ filter: /^\.\/agent\.ts$/ }, () => ({ path: './agent.js', external: true }));
  },
};

/** The command line asks for the charting library only to draw a report: at run time it is a file beside it. */
const plotsApart = {
  name: 'plots-apart',
  setup(setup) {
    setup.onResolve({ filter: /\/report\/plots\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './plots.js', external: true },
    );
  },
};

const host = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
  mainFields: ['module', 'main'],
  minify: production,
  keepNames: true,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  supported: { 'dynamic-import': false },
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
};

const page = {
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: production,
  legalComments: 'none',
  logLevel: 'warning',
};

rmSync('dist', { recursive: true, force: true });
await Promise.all([
  build({ ...host, entryPoints: ['src/extension.ts'], outdir: 'dist', plugins: [agentApart] }),
  build({ ...host, entryPoints: ['src/agent.ts', 'src/diffWorker.ts'], outdir: 'dist' }),
  build({
    ...host,
    entryPoints: { cli: 'src/cli.ts', plots: 'src/audit/report/plots.ts' },
    outdir: 'dist',
    plugins: [plotsApart],
  }),
  build({
    ...page,
    entryPoints: { chat: 'src/webview/chat/main.tsx', review: 'src/webview/review/main.tsx' },
    outdir: 'dist/webview',
  }),
]);

const KB = 1024;
const most = {
  'dist/extension.js': 40 * KB,
  'dist/agent.js': 1_500 * KB,
  'dist/cli.js': 900 * KB,
  'dist/diffWorker.js': 60 * KB,
  'dist/plots.js': 600 * KB,
  'dist/webview/chat.js': 240 * KB,
  'dist/webview/review.js': 200 * KB,
};
let tooLarge = false;
for (const [file, limit] of Object.entries(most)) {
  const { size } = statSync(file);
  if (!production || size <= limit) continue;
  tooLarge = true;
  console.error(
    `${file} is ${size} bytes; its limit is ${limit}. Find out what moved in, or raise the limit knowingly.`,
  );
}
if (tooLarge) process.exit(1);
console.log(
  readdirSync('dist', { recursive: true })
    .map(String)
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => `${name} ${(statSync(`dist/${name}`).size / KB).toFixed(1)} KB`)
    .join(', '),
);
