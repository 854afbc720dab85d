/* The floors of docs/architecture.md. Closed by default: what no `allowed` rule names is an error. */

const own = (folder, ...may) => ({
  from: { path: `^src/${folder}/` },
  to: { path: [`^src/${folder}/`, ...may.map((one) => `^src/${one}/`)] },
});
const packages = (from, ...names) => ({
  from: { path: from },
  to: { path: names.map((name) => `^node_modules/${name}/`) },
});
const node = (from, ...modules) => ({
  from: { path: from },
  to: { dependencyTypes: ['core'], path: `^(node:)?(${modules.join('|')})$` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['\\.d\\.ts$', '^src/(extension|agent|openSession|openPolicy|cli|diffWorker)\\.ts$'],
      },
      to: {},
    },
  ],
  allowed: [
    own('protocol'),
    own('context', 'protocol'),
    own('tools', 'protocol'),
    own('policy', 'protocol'),
    own('review', 'protocol'),
    own('audit', 'protocol'),
    own('agent', 'protocol', 'context', 'tools', 'policy', 'review'),
    own('io', 'protocol'),
    own('vscode', 'protocol'),
    own('webview', 'protocol'),
    {
      from: { path: '^src/(cli/|(extension|agent|openSession|openPolicy|openWhatIf|cli)\\.ts$)' },
      to: { path: '^src/(?!webview/)' },
    },
    { from: { path: '^src/diffWorker\\.ts$' }, to: { path: '^src/(review|protocol)/' } },
    { from: { path: '^bench/' }, to: { path: '^(bench|src|test/support)/(?!webview/)' } },

    { from: { path: '^test/support/' }, to: {} },
    packages('^src/(protocol|tools)/', 'zod'),
    packages('^src/policy/globs\\.ts$', 'minimatch'),
    packages('^src/policy/command/shellSyntax\\.ts$', 'unbash'),
    packages('^src/review/', 'diff'),
    packages('^src/audit/report/plots\\.ts$', 'echarts'),
    packages('^src/io/model\\.ts$', 'openai'),
    packages('^src/io/files/ignoredByGit\\.ts$', 'ignore'),
    packages('^src/webview/', 'preact', 'markdown-it', 'dompurify'),
    packages('^src/webview/review/(hunkColours|languages)\\.ts$', 'highlight\\.js'),
    packages('^src/(vscode/|extension\\.ts$|agent\\.ts$)', '@types/vscode'),

    node('^src/protocol/digest\\.ts$', 'crypto'),
    node('^src/audit/(seal|redactor)\\.ts$', 'crypto'),
    node('^src/io/', '.*'),
    node(
      '^src/(agent|openSession|openPolicy|cli)\\.ts$',
      'path',
      'os',
      'process',
      'util',
      'stream',
      'readline',
    ),
    node('^src/diffWorker\\.ts$', 'worker_threads'),
    node('^bench/', '.*'),
  ],
  allowedSeverity: 'error',
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
