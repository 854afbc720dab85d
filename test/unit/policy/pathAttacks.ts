import type { Disk } from './policyCases.ts';

/** `refused`: the words are no path at all. Otherwise what the policy says, while everything it may allow is allowed. */
export type Verdict = 'refused' | 'deny' | 'ask' | 'allow';

export type PathAttack = {
  /** As a model writes it. */
  readonly raw: string;
  readonly read: Verdict;
  readonly write: Verdict;
  /** The rule that speaks on a write, or a word of the refusal. */
  readonly by: string;
  readonly disk?: Disk;
};

type Row = readonly [raw: string, read: Verdict, write: Verdict, by: string, disk?: Disk];

const ABSENT: Disk = { state: 'absent', links: 0, size: 0 };

const TRAVERSAL: readonly Row[] = [
  ['..', 'refused', 'refused', 'climbs'],
  ['../shop/a.ts', 'refused', 'refused', 'climbs'],
  ['../../etc/passwd', 'refused', 'refused', 'climbs'],
  ['src/../../x', 'refused', 'refused', 'climbs'],
  ['src/..', 'refused', 'refused', 'climbs'],
  ['./../x', 'refused', 'refused', 'climbs'],
  ['src/./../a.ts', 'refused', 'refused', 'climbs'],
  ['src//..//..//x', 'refused', 'refused', 'climbs'],
  ['..\\x', 'refused', 'refused', 'climbs'],
  ['src\\..\\..\\x', 'refused', 'refused', 'climbs'],
  ['src/..\\../x', 'refused', 'refused', 'climbs'],
  ['shop:../x', 'refused', 'refused', 'climbs'],
  ['shop:src/../../x', 'refused', 'refused', 'climbs'],
  ['/projects/shop/../x', 'refused', 'refused', 'climbs'],
  ['.. /x', 'refused', 'refused', 'dot or a space'],
  ['../ /x', 'refused', 'refused', 'climbs'],
  ['.../x', 'refused', 'refused', 'dot or a space'],
  ['src/.. ./x', 'refused', 'refused', 'dot or a space'],
  ['..\u200b/x', 'refused', 'refused', 'invisible'],
  ['.\u200c./x', 'refused', 'refused', 'invisible'],
  // Names like any other: nobody decodes them on the way to the disk.
  ['%2e%2e/x', 'allow', 'allow', 'edits.allow'],
  ['..%2fx', 'allow', 'allow', 'edits.allow'],
  ['..∕x', 'allow', 'allow', 'edits.allow'],
  ['‥/x', 'allow', 'allow', 'edits.allow'],
  ['．．/x', 'allow', 'allow', 'edits.allow'],
  // Lone surrogates and odd planes are names, too; they may not shake the judges.
  ['\ud800/x', 'allow', 'allow', 'edits.allow'],
];

const ABSOLUTE: readonly Row[] = [
  ['/', 'refused', 'refused', 'outside'],
  ['/etc/passwd', 'refused', 'refused', 'outside'],
  ['/projects', 'refused', 'refused', 'outside'],
  ['/projects/shop-evil/a.ts', 'refused', 'refused', 'outside'],
  ['/projects/shopping', 'refused', 'refused', 'outside'],
  ['/PROJECTS/SHOP/a.ts', 'refused', 'refused', 'outside'],
  ['/projects//shop/a.ts', 'refused', 'refused', 'outside'],
  ['/./projects/shop/a.ts', 'refused', 'refused', 'outside'],
  ['/proc/self/root/projects/shop/a.ts', 'refused', 'refused', 'outside'],
  ['/dev/fd/0', 'refused', 'refused', 'outside'],
  ['//projects/shop/a.ts', 'refused', 'refused', 'network'],
  ['~', 'refused', 'refused', '~'],
  ['~/.ssh/id_rsa', 'refused', 'refused', '~'],
  ['~root/.bashrc', 'refused', 'refused', '~'],
  ['/projects/shop/.env', 'deny', 'deny', 'paths.deny'],
  ['shop:/.env', 'deny', 'deny', 'paths.deny'],
  ['$HOME/x', 'allow', 'allow', 'edits.allow'],
];

const WINDOWS: readonly Row[] = [
  ['C:\\Windows\\x', 'refused', 'refused', 'outside'],
  ['C:/Windows/x', 'refused', 'refused', 'outside'],
  ['C:foo', 'refused', 'refused', 'colon'],
  ['C:', 'refused', 'refused', 'colon'],
  ['c:..\\x', 'refused', 'refused', 'colon'],
  ['\\Windows\\x', 'refused', 'refused', 'outside'],
  ['\\\\host\\share\\x', 'refused', 'refused', 'network'],
  ['//host/share/x', 'refused', 'refused', 'network'],
  ['\\/host\\share', 'refused', 'refused', 'network'],
  ['/\\host\\share', 'refused', 'refused', 'network'],
  ['\\\\?\\C:\\x', 'refused', 'refused', 'network'],
  ['\\\\?\\UNC\\host\\share', 'refused', 'refused', 'network'],
  ['\\\\.\\C:\\x', 'refused', 'refused', 'network'],
  ['\\\\.\\pipe\\x', 'refused', 'refused', 'network'],
  ['\\\\.\\PhysicalDrive0', 'refused', 'refused', 'network'],
  ['//?/C:/x', 'refused', 'refused', 'network'],
  ['\\??\\C:\\x', 'refused', 'refused', 'outside'],
  ['\\??\\UNC\\host\\share', 'refused', 'refused', 'outside'],
  ['\\Device\\Harddisk0\\x', 'refused', 'refused', 'outside'],
  ['shop:C:\\x', 'refused', 'refused', 'colon'],
  ['a.txt:stream', 'refused', 'refused', 'URI'],
  ['src/a.txt:stream', 'refused', 'refused', 'colon'],
  ['src/a.txt::$DATA', 'refused', 'refused', 'colon'],
  ['.git::$INDEX_ALLOCATION/config', 'refused', 'refused', 'colon'],
  ['.env::$DATA', 'refused', 'refused', 'colon'],
  ['CON', 'refused', 'refused', 'device'],
  ['con', 'refused', 'refused', 'device'],
  ['src/NUL', 'refused', 'refused', 'device'],
  ['src/nul.txt', 'refused', 'refused', 'device'],
  ['src/Aux.h', 'refused', 'refused', 'device'],
  ['PRN.log', 'refused', 'refused', 'device'],
  ['COM1', 'refused', 'refused', 'device'],
  ['COM¹', 'refused', 'refused', 'device'],
  ['lpt³.txt', 'refused', 'refused', 'device'],
  ['COM0', 'refused', 'refused', 'device'],
  ['CONIN$', 'refused', 'refused', 'device'],
  ['conout$', 'refused', 'refused', 'device'],
  ['CON .txt', 'refused', 'refused', 'device'],
  ['aux /x', 'refused', 'refused', 'device'],
  ['.env.', 'refused', 'refused', 'dot or a space'],
  ['.env ', 'refused', 'refused', 'dot or a space'],
  ['.git./config', 'refused', 'refused', 'dot or a space'],
  ['.git /config', 'refused', 'refused', 'dot or a space'],
  ['.git. . /config', 'refused', 'refused', 'dot or a space'],
  ['GIT~1/config', 'ask', 'deny', 'paths.never-written'],
  ['git~1', 'ask', 'deny', 'paths.never-written'],
  ['ENV~1', 'ask', 'ask', 'paths.short-name'],
  ['ENV~1.LOC', 'ask', 'ask', 'paths.short-name'],
  ['SSH~1/id', 'ask', 'ask', 'paths.short-name'],
  ['VSCODE~1/settings.json', 'ask', 'ask', 'paths.short-name', ABSENT],
  ['ENV~1', 'deny', 'deny', 'paths.deny', { real: '.env' }],
  ['GITHUB~1/workflows/x', 'allow', 'ask', 'paths.protected', { real: '.github/workflows/x' }],
  ['backup~12345678', 'allow', 'allow', 'edits.allow'],
  ['notes.txt~', 'allow', 'allow', 'edits.allow'],
];

const SCHEMES: readonly Row[] = [
  ['file:///etc/passwd', 'refused', 'refused', 'URI'],
  ['file:/etc/passwd', 'refused', 'refused', 'URI'],
  ['FILE://localhost/etc/passwd', 'refused', 'refused', 'URI'],
  ['vscode-remote://ssh+host/x', 'refused', 'refused', 'URI'],
  ['untitled:x', 'refused', 'refused', 'URI'],
  ['git:/projects/shop/a.ts', 'refused', 'refused', 'URI'],
  ['data:text/plain,x', 'refused', 'refused', 'URI'],
  ['other:a.ts', 'refused', 'refused', 'URI'],
  ['Shop:a.ts', 'refused', 'refused', 'URI'],
  ['shop:shop:a.ts', 'refused', 'refused', 'colon'],
];

const CONTROL: readonly Row[] = [
  ['.env\u0000.txt', 'refused', 'refused', 'control'],
  ['a\nb', 'refused', 'refused', 'control'],
  ['a\u001b[2Kb', 'refused', 'refused', 'control'],
  ['a\u007f', 'refused', 'refused', 'control'],
  ['a\u0085', 'refused', 'refused', 'control'],
  ['txt.\u202egnp', 'refused', 'refused', 'invisible'],
  ['a\u2066b', 'refused', 'refused', 'invisible'],
  ['a\u2028b', 'refused', 'refused', 'invisible'],
  ['\ufeff.env', 'refused', 'refused', 'invisible'],
  [`${'a/'.repeat(3_000)}x`, 'refused', 'refused', '4096'],
];

const SPELLING: readonly Row[] = [
  ['.ENV', 'deny', 'deny', 'paths.deny'],
  ['.Env.Local', 'deny', 'deny', 'paths.deny'],
  ['SUB/.eNv', 'deny', 'deny', 'paths.deny'],
  ['ID_RSA', 'deny', 'deny', 'paths.deny'],
  ['server.PEM', 'deny', 'deny', 'paths.deny'],
  ['.SSH/config', 'deny', 'deny', 'paths.deny'],
  ['.\u017fsh/config', 'deny', 'deny', 'paths.deny'],
  ['server.\u212aey', 'deny', 'deny', 'paths.deny'],
  ['.e\u00adnv', 'deny', 'deny', 'paths.deny'],
  ['.en\u034fv', 'deny', 'deny', 'paths.deny'],
  ['.env\ufe0f', 'deny', 'deny', 'paths.deny'],
  ['.en\u{e0020}v', 'deny', 'deny', 'paths.deny'],
  ['\u3164.env', 'deny', 'deny', 'paths.deny'],
  ['.Git/config', 'allow', 'deny', 'paths.never-written'],
  ['.GIT', 'allow', 'deny', 'paths.never-written', ABSENT],
  ['.g\u0131t/config', 'allow', 'deny', 'paths.never-written'],
  ['.g\u00adit/config', 'allow', 'deny', 'paths.never-written'],
  ['.gi\u180et/hooks/x', 'allow', 'deny', 'paths.never-written'],
  // HFS+ passes over these; they do not even pass as a path.
  ['.g\u200cit/config', 'refused', 'refused', 'invisible'],
  ['.git\u200d/config', 'refused', 'refused', 'invisible'],
  ['.\u206agit/config', 'refused', 'refused', 'invisible'],
  ['.gi\ufefft/config', 'refused', 'refused', 'invisible'],
  ['.VSCode/settings.json', 'allow', 'ask', 'paths.protected'],
  ['PACKAGE.JSON', 'allow', 'ask', 'paths.protected'],
  ['agents.MD', 'allow', 'ask', 'paths.protected'],
  // No file system takes these for the same name; they are other files.
  ['．env', 'allow', 'allow', 'edits.allow'],
  ['.еnv', 'allow', 'allow', 'edits.allow'],
];

const LINKS: readonly Row[] = [
  ['link', 'deny', 'deny', 'paths.outside', { real: null }],
  ['folder/x', 'deny', 'deny', 'paths.outside', { real: null, ...ABSENT }],
  ['link', 'deny', 'deny', 'paths.deny', { real: '.env' }],
  ['link', 'deny', 'deny', 'paths.deny', { real: '.ENV' }],
  ['.env', 'deny', 'deny', 'paths.deny', { real: 'a.txt' }],
  ['link', 'deny', 'deny', 'paths.deny', { real: 'keys/.SSH/x', ...ABSENT }],
  ['link', 'allow', 'deny', 'paths.never-written', { real: '.git/hooks/pre-commit', ...ABSENT }],
  ['link/config', 'allow', 'deny', 'paths.never-written', { real: '.git/config' }],
  ['link', 'allow', 'ask', 'paths.protected', { real: 'package.json' }],
  ['package.json', 'allow', 'ask', 'paths.protected', { real: 'a.json' }],
  ['pipe', 'deny', 'deny', 'paths.kind', { state: 'other' }],
  ['names', 'allow', 'ask', 'paths.hard-link', { links: 2 }],
  ['names', 'allow', 'ask', 'paths.hard-link', { links: 40 }],
  ['names', 'deny', 'deny', 'paths.hard-link', { links: 2, hiddenNames: ['shop:.env'] as never }],
  ['names', 'deny', 'deny', 'paths.hard-link', { links: 3, hiddenNames: ['shop:keys/a.pem'] as never }],
  ['names', 'ask', 'ask', 'paths.hard-link', { links: 2, hiddenNames: 'unknown' }],
];

const REPOSITORIES: readonly Row[] = [
  ['.git/config', 'allow', 'deny', 'paths.never-written'],
  ['.git', 'allow', 'deny', 'paths.never-written'],
  ['.git/hooks/pre-commit', 'allow', 'deny', 'paths.never-written', ABSENT],
  ['.git/worktrees/x/gitdir', 'allow', 'deny', 'paths.never-written', ABSENT],
  ['.git/modules/x/config', 'allow', 'deny', 'paths.never-written'],
  ['sub/.git', 'allow', 'deny', 'paths.never-written', ABSENT],
  ['sub/.git/config', 'allow', 'deny', 'paths.never-written', ABSENT],
  ['node_modules/x/.git/config', 'allow', 'deny', 'paths.never-written'],
  ['vendor/x/.hg/hgrc', 'allow', 'deny', 'paths.never-written'],
  ['store/config', 'allow', 'deny', 'paths.never-written', { repository: 'shop:store' as never }],
  [
    'store/hooks/post-checkout',
    'allow',
    'deny',
    'paths.never-written',
    { repository: 'shop:store' as never, ...ABSENT },
  ],
  [
    'store/info/attributes',
    'allow',
    'deny',
    'paths.never-written',
    { repository: 'shop:store' as never, ...ABSENT },
  ],
  ['config', 'allow', 'deny', 'paths.never-written', { repository: 'shop:' as never }],
  ['HEAD', 'allow', 'ask', 'paths.repository', ABSENT],
  ['store/HEAD', 'allow', 'ask', 'paths.repository', ABSENT],
  ['store/head', 'allow', 'ask', 'paths.repository', ABSENT],
  ['link', 'allow', 'ask', 'paths.repository', { real: 'store/HEAD', ...ABSENT }],
  ['head/index.ts', 'allow', 'allow', 'edits.allow'],
  ['.gitmodules', 'allow', 'ask', 'paths.protected'],
  ['.gitattributes', 'allow', 'ask', 'paths.protected', ABSENT],
  ['.gitconfig', 'allow', 'ask', 'paths.protected', ABSENT],
];

const IGNORED: readonly Row[] = [
  ['secrets.json', 'ask', 'ask', 'paths.protected', { ignored: true }],
  ['config/credentials.prod.yml', 'ask', 'allow', 'edits.allow', { ignored: true }],
  ['settings.local', 'ask', 'allow', 'edits.allow', { ignored: true }],
  ['prod.env', 'ask', 'allow', 'edits.allow', { ignored: true }],
  ['terraform.tfvars', 'ask', 'allow', 'edits.allow', { ignored: true }],
  ['my-service-account.json', 'ask', 'allow', 'edits.allow', { ignored: true }],
  ['SECRETS/a.txt', 'ask', 'allow', 'edits.allow', { ignored: true }],
  ['secr\u00adets.txt', 'ask', 'allow', 'edits.allow', { ignored: true }],
  ['link', 'ask', 'allow', 'edits.allow', { ignored: true, real: 'client-secret.txt' }],
  ['credentials.prod.yml', 'allow', 'allow', 'edits.allow', { ignored: false }],
  ['dist/index.js', 'allow', 'allow', 'edits.allow', { ignored: true }],
  ['secrets.json', 'allow', 'ask', 'paths.protected', { ignored: true, ...ABSENT }],
];

const OF: { readonly [kind: string]: readonly Row[] } = {
  'climbing out': TRAVERSAL,
  'absolute paths': ABSOLUTE,
  'forms of Windows': WINDOWS,
  schemes: SCHEMES,
  'control and invisible characters': CONTROL,
  'other spellings': SPELLING,
  'links, by what the disk says': LINKS,
  repositories: REPOSITORIES,
  'secrets that git ignores': IGNORED,
};

export const pathAttacks: readonly (readonly [kind: string, attacks: readonly PathAttack[]])[] =
  Object.entries(OF).map(([kind, rows]) => [
    kind,
    rows.map(([raw, read, write, by, disk]) => ({
      raw,
      read,
      write,
      by,
      ...(disk === undefined ? {} : { disk }),
    })),
  ]);
