/** What VS Code's own command line asks for, as far as a test run uses it. */
export interface CodeArguments {
  readonly developmentPaths: readonly string[];
  readonly testsPath: string | undefined;
  /** Folders and .code-workspace files, as paths. */
  readonly opened: readonly string[];
  readonly userData: string | undefined;
  readonly extensions: string | undefined;
  readonly disableExtensions: boolean;
  readonly trustEverything: boolean;
}

// Options whose value may stand in the next argument; every other option is a switch or carries its value after "=".
const withValue = new Set([
  'extensionDevelopmentPath',
  'extensionTestsPath',
  'extensions-dir',
  'file-uri',
  'folder-uri',
  'user-data-dir',
]);

export function parseCodeArguments(args: readonly string[]): CodeArguments {
  const options: [string, string][] = [];
  const opened: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(args[index] ?? '') ?? [];
    if (name === undefined) opened.push(args[index] ?? '');
    else if (value === undefined && withValue.has(name)) options.push([name, args[++index] ?? '']);
    else options.push([name, value ?? '']);
  }
  const all = (wanted: string) =>
    options.filter(([name]) => name === wanted).map(([, value]) => plainPath(value));
  return {
    developmentPaths: all('extensionDevelopmentPath'),
    testsPath: all('extensionTestsPath').at(-1),
    opened: [...opened, ...all('folder-uri'), ...all('file-uri')].map(plainPath),
    userData: all('user-data-dir').at(-1),
    extensions: all('extensions-dir').at(-1),
    disableExtensions: all('disable-extensions').length > 0,
    trustEverything: all('disable-workspace-trust').length > 0,
  };
}

function plainPath(value: string): string {
  return value.startsWith('file:') ? decodeURIComponent(new URL(value).pathname) : value;
}
