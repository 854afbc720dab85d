import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

// PORT and PASSWORD are obeyed by code-server; the others would let an outer editor leak in. VSCODE_TEST* is how
// @vscode/test-cli hands over its options.
const unwanted =
  /^(VSCODE_(?!TEST)|CODE_SERVER_|ELECTRON_|(PORT|PASSWORD|HASHED_PASSWORD|GITHUB_TOKEN|NODE_OPTIONS)$)/;

/** The environment of a server that keeps everything it writes inside `base` and looks nothing up outside. */
export function hostEnvironment(base: string, additions: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !unwanted.test(name));
  const folder = (name: string) => {
    mkdirSync(join(base, name), { recursive: true });
    return join(base, name);
  };
  return {
    ...Object.fromEntries(inherited),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    TMPDIR: folder('t'),
    XDG_CACHE_HOME: folder('cache'),
    XDG_CONFIG_HOME: folder('c'),
    XDG_DATA_HOME: folder('d'),
    ...additions,
  };
}
