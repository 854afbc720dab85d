/** Whether commands can be kept inside an operating-system sandbox on this machine; found out by trying it. */
export type SandboxProbe =
  | {
      readonly kind: 'available';
      readonly by: 'bubblewrap' | 'seatbelt';
      readonly version?: string;
      /** What this machine cannot hold that others do; sentences for the effective policy. */
      readonly weaker: readonly string[];
    }
  /** A sentence: what is missing and what the person can do about it. */
  | { readonly kind: 'none'; readonly because: string };

/** Either no network at all, not even this machine's, or the network as the person has it. */
export type SandboxNetwork = 'off' | 'all';

/** What the policy wants for one command line. All paths are absolute and real: no link in any part of them. */
export type SandboxRequest = {
  /** Folders that may be written, the protected places in them excepted. */
  readonly writable: readonly string[];
  /** Shown read-only besides the system's own folders: toolchains on the PATH and what the policy names in the home. */
  readonly readable: readonly string[];
  /**
   * Never shown, even inside a folder that is: the product's record, journal, checkpoints and policy. What does not
   * exist yet cannot be covered, so these are made before.
   */
  readonly hidden: readonly string[];
  readonly network: SandboxNetwork;
};

export type HiddenPath = { readonly path: string; readonly kind: 'file' | 'folder' };

/**
 * The view of the disk that programs of one command line get. What is not named does not exist for them; where two
 * entries cover the same path the deeper one counts.
 */
export type SandboxProfile = {
  /** There and empty, so that programs that look for it find nothing of the person's. */
  readonly home: string;
  readonly writable: readonly string[];
  readonly readable: readonly string[];
  /** Links of the system's own tree, such as /bin. */
  readonly links: readonly { readonly path: string; readonly to: string }[];
  /** Inside writable folders: cannot be changed, moved or removed. */
  readonly readOnly: readonly string[];
  /** Inside writable folders: folders whose content may change, but which cannot be moved or removed themselves. */
  readonly pinned: readonly string[];
  readonly hidden: readonly HiddenPath[];
  /** Shown as /tmp; one for each command line, so that its steps share it and nothing else does. */
  readonly temporary: string;
  readonly network: SandboxNetwork;
};

/**
 * A name inside a writable folder that programs outside the sandbox run or obey. `absent` says what to do where there
 * is none: keep the place with an empty folder or a file of this content while the line runs, or only notice that it
 * appeared. The content is what the program that reads the file takes for nothing said.
 */
export type ProtectedPlace = {
  readonly name: string;
  readonly absent:
    | { readonly kind: 'folder' }
    | { readonly kind: 'file'; readonly content: string }
    | { readonly kind: 'notice' };
};

const folder = { kind: 'folder' } as const;
const notice = { kind: 'notice' } as const;

/** Kept read-only at the top of every writable folder; those that are there also in the folders below. */
export const protectedPlaces: readonly ProtectedPlace[] = [
  { name: '.hg', absent: folder },
  { name: '.vscode', absent: folder },
  { name: '.idea', absent: folder },
  { name: '.devcontainer', absent: folder },
  { name: '.claude', absent: folder },
  { name: '.cursor', absent: folder },
  ...[
    ...['.svn', '.jj', '.fleet', '.zed', '.vs', '.devcontainer.json', '.husky', '.githooks', '.github'],
    ...['.gitlab-ci.yml', '.circleci', '.gitmodules', '.gitattributes', '.gitconfig'],
    ...[
      '.pre-commit-config.yaml',
      'lefthook.yml',
      '.envrc',
      '.tool-versions',
      'mise.toml',
      '.mise.toml',
      '.mise',
    ],
    ...['.bashrc', '.bash_profile', '.profile', '.zshrc', '.zshenv', '.zprofile', '.ripgreprc'],
    ...[
      '.npmrc',
      '.yarnrc',
      '.yarnrc.yml',
      '.pnpmfile.cjs',
      '.cargo',
      '.codex',
      '.gemini',
      '.agents',
      '.continue',
    ],
    ...[
      '.mcp.json',
      'AGENTS.md',
      'CLAUDE.md',
      'GEMINI.md',
      '.cursorrules',
      '.windsurfrules',
      '.clinerules',
      '.warrant',
    ],
  ].map((name) => ({ name, absent: notice })),
];

/**
 * Inside a `.git` folder, which is pinned and otherwise writable, so that staging and committing work. `commondir`
 * would name another folder that git takes its configuration and hooks from; a dot is the folder itself.
 */
export const protectedInGit: readonly ProtectedPlace[] = [
  { name: 'config', absent: { kind: 'file', content: '' } },
  { name: 'config.worktree', absent: { kind: 'file', content: '' } },
  { name: 'commondir', absent: { kind: 'file', content: '.\n' } },
  { name: 'hooks', absent: folder },
  { name: 'info', absent: folder },
  { name: 'modules', absent: notice },
  { name: 'worktrees', absent: notice },
  // The next step of what is under way may be a command.
  { name: 'rebase-merge', absent: notice },
  { name: 'rebase-apply', absent: notice },
  { name: 'sequencer', absent: notice },
];
