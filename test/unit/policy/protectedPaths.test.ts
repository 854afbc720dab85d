import { describe, expect, it } from 'vitest';
import { protectedPatterns, protectionLookup } from '../../../src/policy/protectedPaths.ts';

const protectionOf = protectionLookup();

const NEVER = [
  '.git',
  '.git/config',
  '.git/hooks/pre-commit',
  'sub/.git/HEAD',
  '.GIT/config',
  'git~1/config',
  '.git./x',
  '.git /x',
  '.git::$INDEX_ALLOCATION/x',
  '.g\u200cit/config',
  '.hg/hgrc',
  '.svn/entries',
  '.jj/x',
];

const ASK = (
  '.vscode/settings.json .vscode/tasks.json .VSCode/settings.json a/.vscode/launch.json x.code-workspace ' +
  '.idea/workspace.xml .devcontainer/devcontainer.json .devcontainer.json Dockerfile Dockerfile.dev sub/dockerfile ' +
  'docker-compose.yml compose.yaml .github/workflows/ci.yml .github/copilot-instructions.md .gitlab-ci.yml ' +
  'Jenkinsfile azure-pipelines.yml .circleci/config.yml .husky/pre-commit lefthook.yml .pre-commit-config.yaml ' +
  '.envrc .direnv/x .tool-versions mise.toml .mise.toml .nvmrc package.json packages/a/package.json package-lock.json ' +
  'yarn.lock pnpm-lock.yaml bun.lockb Cargo.lock Gemfile.lock npm-shrinkwrap.json .npmrc .yarnrc .yarnrc.yml ' +
  '.yarn/releases/yarn.cjs .pnpmfile.cjs pnpm-workspace.yaml pip.conf pyproject.toml setup.py setup.cfg ' +
  'conftest.py tests/conftest.py sitecustomize.py x.pth pyvenv.cfg .venv/bin/python Makefile makefile GNUmakefile ' +
  'rules.mk CMakeLists.txt justfile .justfile build.rs Cargo.toml .cargo/config.toml x.props x.targets nuget.config ' +
  'NuGet.Config app.csproj build.gradle build.gradle.kts gradle.properties gradle/wrapper/gradle-wrapper.properties ' +
  'gradlew mvnw .mvn/extensions.xml pom.xml .gitattributes .gitmodules AGENTS.md CLAUDE.md GEMINI.md SKILL.md ' +
  '.cursorrules .cursor/mcp.json .cUrSoR/mcp.json .claude/settings.json .codex/config.toml .gemini/settings.json ' +
  '.agents/x .mcp.json .clinerules .windsurfrules .env .env.local a/.ENV .netrc .bashrc .zshrc .profile vite.config.ts ' +
  'webpack.config.js jest.config.cjs eslint.config.mjs .eslintrc.json babel.config.js tsconfig.json run.sh deploy.PS1 ' +
  'snippets.code-snippets web.config ruby_lsp/x/addon.rb node_modules/x/index.js .editorconfig Rakefile go.mod ' +
  'requirements.txt Vagrantfile main.tf flake.nix .gdbinit'
).split(' ');

const FREE =
  'src/index.ts README.md docs/guide.md test/a.test.ts gitignore src/git/a.ts package.ts .gitignore LICENSE main.py lib.rs style.css data.json env.ts src/environment.ts'.split(
    ' ',
  );

describe('protected paths', () => {
  it.each(NEVER)('never written: %j', (path) => {
    expect(protectionOf(path)?.level).toBe('never');
  });

  it.each(ASK)('always asked: %s', (path) => {
    expect(protectionOf(path)?.level).toBe('ask');
  });

  it.each(ASK)('always asked in capitals, and in a folder: deep/%s', (path) => {
    expect(protectionOf(`deep/${path.toUpperCase()}`)?.level).toBe('ask');
  });

  it.each(FREE)('free: %s', (path) => {
    expect(protectionOf(path)).toBeUndefined();
  });

  it('the strictest protection wins where two match', () => {
    expect(protectionOf('.git/package.json')?.level).toBe('never');
    expect(protectionOf('.vscode/.git/x')?.level).toBe('never');
  });

  it('every pattern has a reason, stands once and is at work', () => {
    expect(protectedPatterns.length).toBeGreaterThan(150);
    expect(new Set(protectedPatterns.map(({ pattern }) => pattern)).size).toBe(protectedPatterns.length);
    for (const { because, pattern } of protectedPatterns) {
      expect(because).not.toBe('');
      expect(pattern.startsWith('**/'), pattern).toBe(true);
    }
  });

  it('looks a deep path up in well under a millisecond', () => {
    const path = 'packages/app/src/features/cart/components/list/item.tsx';
    const times = Array.from({ length: 50 }, () => {
      const start = performance.now();
      protectionOf(path);
      return performance.now() - start;
    }).sort((a, b) => a - b);
    expect(times[25]).toBeLessThan(1);
  });
});
