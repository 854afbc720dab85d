import type { FrameLocator, Locator, Page } from 'playwright-core';

/**
 * What a person sees and touches in VS Code. Every selector of the workbench is in this file; tests name things by
 * the words on the screen.
 */

/** Waits until the window can be used. */
export async function ready(page: Page): Promise<void> {
  await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
  await page.locator('.part.statusbar .statusbar-item').first().waitFor({ timeout: 60_000 });
}

/** Opens the palette and runs the command with exactly this label, such as "Warrant: Start Session". */
export async function runCommand(page: Page, label: string): Promise<void> {
  const input = page.locator('.quick-input-widget input.input[placeholder^="Type the name of a command"]');
  // Keys are not heard in the first moments of a window.
  for (let attempt = 0; attempt < 10 && !(await input.isVisible()); attempt++) {
    await page.keyboard.press('F1');
    await input.waitFor({ timeout: 2000 }).catch(() => undefined);
  }
  await input.fill(`>${label}`);
  const row = quickPickItem(page, label);
  await row.click();
  // The next command would otherwise be typed into a palette that is about to go.
  await row.waitFor({ state: 'hidden' });
}

/** A row of the open quick pick, by its whole label. */
export function quickPickItem(page: Page, label: string): Locator {
  const name = page.locator('.label-name').getByText(label, { exact: true });
  return page.locator('.quick-input-widget .monaco-list-row').filter({ has: name }).first();
}

/** Types into the open input box and confirms. */
export async function answerInputBox(page: Page, text: string): Promise<void> {
  await page.locator('.quick-input-widget input.input').fill(text);
  await page.keyboard.press('Enter');
}

/** The icon of a view container in the activity bar, by its title. */
export function viewIcon(page: Page, title: string): Locator {
  return page.locator(`.activitybar .action-label[aria-label^="${title}"]`);
}

/** Shows a view container of the side bar; leaves it alone when it is shown already. */
export async function openView(page: Page, title: string): Promise<void> {
  const icon = page.locator(`.action-label[aria-label^="${title}"]`);
  const shown = page.locator('.activitybar .action-item.checked').filter({ has: icon });
  if (await shown.isVisible()) return;
  await viewIcon(page, title).click();
  await shown.waitFor();
}

/** The document inside a webview of an extension. With several on the screen, `title` tells which. */
export function webview(page: Page, extensionId: string, title?: string): FrameLocator {
  const frame = `iframe.webview.ready[src*="extensionId=${extensionId}"]`;
  return page.frameLocator(frame).frameLocator(title ? `#active-frame[title="${title}"]` : '#active-frame');
}

/** A button in the title bar of the active editor group. */
export function editorButton(page: Page, label: string): Locator {
  return page.locator(`.editor-group-container.active .editor-actions .action-label[aria-label^="${label}"]`);
}

/** A button in the title bar of a view. */
export function viewButton(page: Page, label: string): Locator {
  return page.locator(`.part.sidebar .actions-container .action-label[aria-label^="${label}"]`);
}

export function tab(page: Page, title: string): Locator {
  return page.locator('.tabs-container .tab').filter({ hasText: title });
}

export async function tabTitles(page: Page): Promise<string[]> {
  return (await page.locator('.tabs-container .tab .label-name').allInnerTexts()).map(plain);
}

export async function closeTab(page: Page, title: string): Promise<void> {
  await tab(page, title).hover();
  await tab(page, title).locator('.tab-actions .action-label[aria-label^="Close"]').click();
  await tab(page, title).waitFor({ state: 'hidden' });
}

/** What the active editor shows, only lines on the screen; of a diff, its modified side. */
export async function editorText(page: Page): Promise<string> {
  const editors = page.locator('.editor-group-container.active .editor-instance .monaco-editor:not(.gutter)');
  return visibleLines(editors.last());
}

/** Both sides of the diff editor in front, only lines on the screen. */
export async function diffText(page: Page): Promise<{ original: string; modified: string }> {
  const diff = page.locator('.editor-group-container.active .monaco-diff-editor');
  return {
    original: await visibleLines(diff.locator('.editor.original')),
    modified: await visibleLines(diff.locator('.editor.modified')),
  };
}

/** Opens a file of the folder by its name and puts the cursor into it. */
export async function openFile(page: Page, name: string): Promise<void> {
  await runCommand(page, 'Go to File...');
  const input = page.locator('.quick-input-widget input.input[placeholder^="Search files by name"]');
  await input.fill(name);
  await quickPickItem(page, name).click();
  await tab(page, name).waitFor();
  await page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
}

export function statusBarItem(page: Page, text: string): Locator {
  return page.locator('.part.statusbar .statusbar-item').filter({ hasText: text });
}

/** A toast in the corner. Hidden by VS Code when the host runs with its test driver. */
export function toast(page: Page, text: string): Locator {
  return page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
}

export async function clickToast(page: Page, text: string, button: string): Promise<void> {
  await toast(page, text).hover();
  await toast(page, text).locator('.monaco-button').filter({ hasText: button }).click();
}

/** A modal question. */
export function dialog(page: Page, text: string): Locator {
  return page.locator('.monaco-dialog-box').filter({ hasText: text });
}

export async function answerDialog(page: Page, text: string, button: string): Promise<void> {
  await dialog(page, text).locator('.monaco-button').filter({ hasText: button }).click();
}

/** The banner of Restricted Mode. */
export function trustBanner(page: Page): Locator {
  return page.locator('.part.banner').filter({ hasText: 'Restricted Mode' });
}

/** Leaves Restricted Mode the way a person does: the banner, then the trust editor. */
export async function trustFolder(page: Page): Promise<void> {
  await trustBanner(page).getByText('Manage', { exact: true }).click();
  await trustEditorButton(page, 'Trust').click();
  await trustBanner(page).waitFor({ state: 'hidden' });
  await closeTab(page, 'Workspace Trust');
}

/** Changes the colours of the window, by the theme's name in the list. */
export async function chooseTheme(page: Page, name: string): Promise<void> {
  await runCommand(page, 'Preferences: Color Theme');
  const input = page.locator('.quick-input-widget input.input');
  await input.fill(name);
  await quickPickItem(page, name).click();
  await input.waitFor({ state: 'hidden' });
}

/** A setting in the settings editor, by its title there. */
export function settingShown(page: Page, title: string): Locator {
  return page.locator('.settings-editor .setting-item').filter({ hasText: title });
}

/** Reloads the window as a person does. A reload by the browser would lose what VS Code has not saved yet. */
export async function reloadWindow(page: Page): Promise<void> {
  await Promise.all([page.waitForEvent('load'), runCommand(page, 'Developer: Reload Window')]);
  await ready(page);
}

export function trustEditorButton(page: Page, words: string): Locator {
  return page.locator('.workspace-trust-editor .monaco-button').filter({ hasText: new RegExp(`^${words}$`) });
}

/** Opens an output channel and returns what it shows. A log channel stays empty where spdlog was not compiled. */
export async function outputText(page: Page, channel: string): Promise<string> {
  await runCommand(page, 'Output: Show Output Channels...');
  await quickPickItem(page, channel).click();
  return visibleLines(page.locator('.part.panel .monaco-editor').first());
}

/** What the editor of running extensions says of one of them. It draws only the rows on the screen. */
export async function runningExtension(page: Page, name: string): Promise<string> {
  const rows = page.locator('.runtime-extensions-editor .monaco-list-row');
  const own = rows.filter({ hasText: name }).first();
  await rows.first().hover();
  for (let turn = 0; turn < 30 && !(await own.isVisible()); turn += 1) {
    await page.mouse.wheel(0, 150);
    await own.waitFor({ timeout: 500 }).catch(() => undefined);
  }
  return plain(await own.innerText());
}

/** Shows the terminal and returns its first and its last screen; needs terminal.integrated.gpuAcceleration: off. */
export async function terminalText(page: Page): Promise<string> {
  await runCommand(page, 'Terminal: Focus Terminal');
  const rows = page.locator('.part.panel .terminal-wrapper.active .xterm-rows > div');
  await rows.filter({ hasText: /\S/ }).first().waitFor();
  const screens: string[] = [];
  for (const end of ['Top', 'Bottom']) {
    await runCommand(page, `Terminal: Scroll to ${end}`);
    screens.push((await rows.allInnerTexts()).join('\n'));
  }
  return plain(screens.join('\n'));
}

/** The names of the open terminals; VS Code draws a list of them only where there are several. */
export async function terminalNames(page: Page): Promise<string[]> {
  const listed = page.locator('.part.panel .terminal-tabs-entry .label-name');
  const single = page.locator('.part.panel .single-terminal-tab');
  return (await ((await listed.count()) > 0 ? listed : single).allInnerTexts()).map((name) =>
    plain(name).trim(),
  );
}

// What is used of a page's element; these tests are type-checked without a browser's types.
interface DrawnLine {
  readonly style: { readonly top: string };
  readonly textContent: string;
}

// Lines are placed by `top`, and their order in the document is another.
async function visibleLines(editor: Locator): Promise<string> {
  await editor.locator('.view-line').first().waitFor();
  const lines = await editor.locator('.view-lines .view-line').evaluateAll((elements: readonly DrawnLine[]) =>
    elements
      .map(({ style, textContent }) => ({ top: parseFloat(style.top), textContent }))
      .sort((one, other) => one.top - other.top)
      .map(({ textContent }) => textContent),
  );
  return plain(lines.join('\n'));
}

// The editor draws spaces as no-break spaces.
function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}
