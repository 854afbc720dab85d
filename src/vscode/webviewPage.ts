import type { Uri, Webview, WebviewOptions } from 'vscode';

export type WebviewPage = {
  readonly webview: Webview;
  readonly extensionUri: Uri;
  readonly page: 'chat' | 'review';
  readonly title: string;
  /** Fresh and unguessable for every page that is loaded. */
  readonly nonce: string;
};

/**
 * The one place with HTML. Nothing remote can be loaded or reached from it: one script of ours, one style sheet of
 * ours, no inline anything, no forms, no frames, no connections.
 */
export function webviewPage({ webview, extensionUri, page, title, nonce }: WebviewPage): string {
  const built = webviewFolder(extensionUri);
  const address = (file: string) =>
    webview.asWebviewUri(built.with({ path: `${built.path}/${file}` })).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${address(`${page}.css`)}">
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${address(`${page}.js`)}"></script>
</body>
</html>`;
}

/** Pages may load what was built for them and nothing else of this machine; command links are off. */
export function webviewOptions(extensionUri: Uri): WebviewOptions {
  return {
    enableScripts: true,
    enableForms: false,
    enableCommandUris: false,
    localResourceRoots: [webviewFolder(extensionUri)],
  };
}

function webviewFolder(extensionUri: Uri): Uri {
  return extensionUri.with({ path: `${extensionUri.path}/dist/webview` });
}
