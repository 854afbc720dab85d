/** What a window opens: a folder, a .code-workspace file, or nothing. */
export type Opened =
  { kind: 'folder'; path: string } | { kind: 'workspace'; path: string } | { kind: 'nothing' };

export interface TestPaths {
  readonly developmentPaths: readonly string[];
  readonly testsPath: string;
  readonly disableExtensions: boolean;
}

/** The address of a window. Test paths are obeyed only by a host started with its test driver. */
export function workbenchAddress(origin: string, opened: Opened, tests?: TestPaths): string {
  const address = new URL(origin);
  if (opened.kind === 'nothing') address.searchParams.set('ew', 'true');
  else address.searchParams.set(opened.kind, opened.path);
  if (tests) address.searchParams.set('payload', JSON.stringify(payload(address.host, tests)));
  return address.href;
}

function payload(host: string, tests: TestPaths): string[][] {
  const remote = (path: string) => `vscode-remote://${host}${path}`;
  return [
    ...tests.developmentPaths.map((path) => ['extensionDevelopmentPath', remote(path)]),
    ['extensionTestsPath', remote(tests.testsPath)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...(tests.disableExtensions ? [['disableExtensions', 'true']] : []),
  ];
}
