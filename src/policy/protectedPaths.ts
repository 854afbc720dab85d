import { denyGlobs } from './globs.ts';

/**
 * `ask`: written only after a person said yes to this file, whatever rules allow. `never`: not written by the agent
 * at all. Reading is not affected by either.
 */
export type Protection = {
  readonly level: 'ask' | 'never';
  readonly pattern: string;
  readonly because: string;
};

type Group = {
  readonly level: Protection['level'];
  readonly because: string;
  readonly patterns: readonly string[];
};

/**
 * What some other program runs or obeys, by who does it; `never` stands first, so that the first match is the
 * strictest. Patterns match in any spelling, present or absent.
 */
const GROUPS: readonly Group[] = [
  {
    level: 'never',
    because: 'it belongs to the version control system, which runs hooks and configuration from it',
    patterns: ['**/.git', '**/git~1', '**/.hg', '**/.svn', '**/.jj', '**/.bzr', '**/_darcs', '**/CVS'],
  },
  {
    level: 'never',
    because: 'it holds the policy that the workspace brings along',
    patterns: ['**/.warrant'],
  },
  {
    level: 'ask',
    because: 'the editor obeys or runs this file',
    patterns: [
      '**/.vscode',
      '**/.vscode-server',
      '**/.idea',
      '**/.fleet',
      '**/.zed',
      '**/.vs',
      '**/.devcontainer',
      '**/.devcontainer.json',
      '**/*.code-workspace',
      '**/*.code-snippets',
      '**/.editorconfig',
      '**/.exrc',
      '**/.vimrc',
      '**/.nvimrc',
      '**/.nvim.lua',
      '**/.lvimrc',
      '**/.dir-locals.el',
      '**/ruby_lsp/*/addon.rb',
    ],
  },
  {
    level: 'ask',
    because: 'it instructs or equips coding agents',
    patterns: [
      '**/AGENTS.md',
      '**/AGENTS.override.md',
      '**/CLAUDE.md',
      '**/CLAUDE.local.md',
      '**/GEMINI.md',
      '**/SKILL.md',
      '**/.cursorrules',
      '**/.cursorignore',
      '**/.cursor',
      '**/.windsurfrules',
      '**/.windsurf',
      '**/.clinerules',
      '**/.roo',
      '**/.roomodes',
      '**/.continue',
      '**/.claude',
      '**/.codex',
      '**/.gemini',
      '**/.agents',
      '**/.opencode',
      '**/.goosehints',
      '**/.aider*',
      '**/.mcp.json',
      '**/mcp.json',
      '**/.github/{agents,hooks,prompts,instructions,chatmodes,copilot-instructions.md}',
    ],
  },
  {
    level: 'ask',
    because: 'continuous integration runs it, with the project’s secrets',
    patterns: [
      '**/.github',
      '**/.gitlab-ci.yml',
      '**/.gitlab-ci.yaml',
      '**/.gitlab',
      '**/.gitea',
      '**/.forgejo',
      '**/.circleci',
      '**/.buildkite',
      '**/.travis.yml',
      '**/.drone.yml',
      '**/.woodpecker*',
      '**/appveyor.yml',
      '**/bitbucket-pipelines.yml',
      '**/Jenkinsfile*',
      '**/azure-pipelines*',
      '**/cloudbuild.{yaml,yml,json}',
    ],
  },
  {
    level: 'ask',
    because: 'the version control system acts on it',
    patterns: [
      '**/.gitattributes',
      '**/.gitmodules',
      '**/.gitconfig',
      '**/.hgrc',
      '**/.husky',
      '**/.githooks',
      '**/.git-hooks',
      '**/lefthook*.{yml,yaml,toml,json}',
      '**/.lefthook*',
      '**/.pre-commit-config.{yaml,yml}',
      '**/.pre-commit-hooks.{yaml,yml}',
      '**/.lintstagedrc*',
      '**/lint-staged.config.*',
      '**/.overcommit.yml',
    ],
  },
  {
    level: 'ask',
    because: 'a shell or version manager runs it when the folder is entered',
    patterns: [
      '**/.envrc',
      '**/.direnv',
      '**/.tool-versions',
      '**/{.,}mise*.toml',
      '**/.mise',
      '**/.asdfrc',
      '**/.nvmrc',
      '**/.node-version',
      '**/.python-version',
      '**/.ruby-version',
      '**/.{bashrc,bash_profile,bash_login,bash_logout,bash_aliases,profile,zshrc,zshenv,zprofile,zlogin,zlogout,kshrc,cshrc,tcshrc,inputrc}',
      '**/.ripgreprc',
      '**/.wgetrc',
      '**/.curlrc',
    ],
  },
  {
    level: 'ask',
    because: 'it may hold credentials',
    patterns: [
      '**/.env',
      '**/.env.*',
      '**/.netrc',
      '**/_netrc',
      '**/.pypirc',
      '**/.git-credentials',
      '**/credentials{,.json,.toml,.xml,.xml.enc}',
      '**/secrets.{yml,yaml,json,toml}',
      '**/.dockercfg',
      '**/.docker/config.json',
      '**/.kube/config',
      '**/kubeconfig*',
    ],
  },
  {
    level: 'ask',
    because: 'a package manager obeys it or runs scripts that it names',
    patterns: [
      '**/package.json',
      '**/package.json5',
      '**/package.yaml',
      '**/pnpm-workspace.yaml',
      '**/.npmrc',
      '**/.yarnrc*',
      '**/.yarn',
      '**/.pnpmfile.*',
      '**/bunfig.toml',
      '**/deno.{json,jsonc}',
      '**/*.lock',
      '**/*-lock.{json,yaml,yml}',
      '**/bun.lockb',
      '**/npm-shrinkwrap.json',
      '**/go.{mod,sum,work}',
      '**/pip.conf',
      '**/requirements*.txt',
      '**/Pipfile',
      '**/pyproject.toml',
      '**/setup.{py,cfg}',
      '**/tox.ini',
      '**/noxfile.py',
      '**/{sitecustomize,usercustomize,conftest}.py',
      '**/*.pth',
      '**/pyvenv.cfg',
      '**/{.venv,venv}',
      '**/node_modules',
      '**/Gemfile',
      '**/*.gemspec',
      '**/composer.json',
      '**/Cargo.toml',
      '**/.cargo',
      '**/{nuget.config,global.json}',
    ],
  },
  {
    level: 'ask',
    because: 'a build runs it',
    patterns: [
      '**/{GNUmakefile,makefile,BSDmakefile}',
      '**/*.{mk,mak}',
      '**/CMakeLists.txt',
      '**/CMake*Presets.json',
      '**/*.cmake',
      '**/{.,}justfile',
      '**/*.just',
      '**/Taskfile*.{yml,yaml}',
      '**/Rakefile',
      '**/*.rake',
      '**/{gulpfile,Gruntfile,Jakefile}*',
      '**/build.rs',
      '**/build.zig',
      '**/{WORKSPACE,BUILD,MODULE}{,.bazel}',
      '**/.bazelrc',
      '**/meson.build',
      '**/configure{,.ac}',
      '**/*.{props,targets,proj,csproj,fsproj,vbproj,vcxproj,sln,slnx}',
      '**/{web.config,server.xml}',
      '**/*.{gradle,gradle.kts}',
      '**/gradle.properties',
      '**/gradle',
      '**/{gradlew,mvnw}{,.bat,.cmd}',
      '**/.mvn',
      '**/pom.xml',
      '**/build.xml',
      '**/build.sbt',
      '**/{Dockerfile,Containerfile}*',
      '**/*.dockerfile',
      '**/{docker-,}compose*.{yml,yaml}',
      '**/Vagrantfile',
      '**/*.tf',
      '**/Procfile',
      '**/{flake,default,shell}.nix',
    ],
  },
  {
    level: 'ask',
    because: 'a tool runs it as code when it starts',
    patterns: [
      '**/*.config.{js,cjs,mjs,ts,cts,mts}',
      '**/{.,}{eslintrc,prettierrc,babelrc,stylelintrc,mocharc,swcrc,postcssrc,puppeteerrc}*',
      '**/{babel,jest,karma,vite,vitest,webpack,rollup,metro,wdio,protractor}.*.{js,cjs,mjs,ts,json}',
      '**/.{jestrc,nycrc,pylintrc}*',
      '**/tsconfig*.json',
      '**/jsconfig.json',
      '**/*.{sh,bash,zsh,fish,bat,cmd,ps1,psm1,psd1}',
      '**/.{irbrc,pryrc,gdbinit,lldbinit,pdbrc,psqlrc,pythonrc,pythonstartup,Rprofile}',
      '**/.gdbinit*',
    ],
  },
];

/** Every protected pattern, for the effective policy that people can read. */
export const protectedPatterns: readonly Protection[] = GROUPS.flatMap(({ level, because, patterns }) =>
  patterns.map((pattern) => ({ level, because, pattern })),
);

/** Compiles the list once; the answer is the strictest protection that covers a path relative to its root. */
export function protectionLookup(): (relative: string) => Protection | undefined {
  const globs = denyGlobs(protectedPatterns.map(({ pattern }) => pattern));
  const byPattern = new Map(protectedPatterns.map((protection) => [protection.pattern, protection]));
  return (relative) => {
    const pattern = globs.covering(relative);
    return pattern === undefined ? undefined : byPattern.get(pattern);
  };
}
