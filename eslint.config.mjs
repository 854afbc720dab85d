import tseslint from 'typescript-eslint';

/** Words an import rule cannot see, each with the name of the one door behind which it may stand. */
const banned = (except) =>
  [
    ['clock', "MemberExpression[object.name='Date'][property.name='now']", 'Time comes from the clock port.'],
    ['clock', "NewExpression[callee.name='Date'][arguments.length=0]", 'Time comes from the clock port.'],
    [
      'clock',
      "MemberExpression[object.name='Math'][property.name='random']",
      'Ids come from the clock port.',
    ],
    [
      'clock',
      "MemberExpression[object.name='performance'][property.name='now']",
      'Time comes from the clock port.',
    ],
    ['never', "CallExpression[callee.name='eval']", 'No code from outside is run.'],
    ['never', "NewExpression[callee.name='Function']", 'No code from outside is run.'],
    [
      'never',
      'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/]',
      'Text enters the page as nodes.',
    ],
    ['never', "CallExpression[callee.property.name='insertAdjacentHTML']", 'Text enters the page as nodes.'],
    ['never', "JSXAttribute[name.name='dangerouslySetInnerHTML']", 'Text enters the page as nodes.'],
    [
      'never',
      "MemberExpression[property.name='fs'][object.property.name='workspace']",
      'Files are reached through io/files.',
    ],
    ['never', "CallExpression[callee.property.name='applyEdit']", 'Files are written by io/files alone.'],
    [
      'terminal',
      "CallExpression[callee.property.name='createTerminal']",
      'Commands are shown by vscode/commandTerminal.',
    ],
    ['never', "CallExpression[callee.name='fetch']", 'The network is reached through io/model alone.'],
    [
      'never',
      "CallExpression[callee.object.name='globalThis'][callee.property.name='fetch']",
      'The network is reached through io/model alone.',
    ],
    [
      'warrant',
      "TSAsExpression > TSTypeReference[typeName.name='Warrant']",
      'Only the warrant office makes warrants.',
    ],
    [
      'path',
      "TSAsExpression > TSTypeReference[typeName.name='WorkspacePath']",
      'Paths are made by protocol/workspacePath.',
    ],
    [
      'digest',
      "TSAsExpression > TSTypeReference[typeName.name='Digest']",
      'Digests are made by protocol/digest.',
    ],
    [
      'receipt',
      "TSAsExpression > TSTypeReference[typeName.name='WindowReceipt']",
      'Receipts are made by the audit log.',
    ],
    ['never', 'ExportAllDeclaration', 'No barrels: one way to reach a thing.'],
    ['never', 'ExportDefaultDeclaration', 'Names say what a thing is; no default exports.'],
  ]
    .filter(([door]) => !except.includes(door))
    .map(([, selector, message]) => ({ selector, message }));

export default tseslint.config(
  {
    ignores: [
      'node_modules/**',
      'dist/**',
      'sample/**',
      'test/scenarios/*/workspace/**',
      'test/scenarios/*/expected/**',
    ],
  },
  {
    files: ['src/**/*.{ts,tsx}', 'test/**/*.ts', 'bench/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/webview/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: false },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Ports are objects of closures here; none of their functions looks at `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'no-restricted-syntax': ['error', ...banned([])],
    },
  },
  { files: ['src/io/clock.ts'], rules: { 'no-restricted-syntax': ['error', ...banned(['clock'])] } },
  {
    files: ['src/vscode/commandTerminal.ts'],
    rules: { 'no-restricted-syntax': ['error', ...banned(['terminal'])] },
  },
  {
    files: ['src/protocol/warrant.ts'],
    rules: { 'no-restricted-syntax': ['error', ...banned(['warrant'])] },
  },
  {
    files: ['src/protocol/workspacePath.ts'],
    rules: { 'no-restricted-syntax': ['error', ...banned(['path'])] },
  },
  { files: ['src/protocol/digest.ts'], rules: { 'no-restricted-syntax': ['error', ...banned(['digest'])] } },
  { files: ['src/audit/auditLog.ts'], rules: { 'no-restricted-syntax': ['error', ...banned(['receipt'])] } },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // What `beforeAll` makes is not there when it failed, whatever its type says.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
