import type { Frame, Locator, Page } from 'playwright-core';

/**
 * What a person sees and touches of Warrant itself. Its pages are found by what they show, since VS Code gives the
 * frames they live in no name of ours.
 */

export function chatPage(page: Page): Promise<Frame> {
  return frameShowing(page, '.composer');
}

/** `words` tells one review from another that is about to go. */
export function reviewPage(page: Page, words = ''): Promise<Frame> {
  return frameShowing(page, `main:has(.decisions):has-text(${JSON.stringify(words)})`);
}

/** Writes a message and sends it with Enter. */
export async function sendMessage(chat: Frame, text: string): Promise<void> {
  const input = chat.getByLabel('Message to the agent');
  await input.fill(text);
  await input.press('Enter');
}

/** A button that counts only once it is armed; clicking earlier would be refused. */
export async function clickArmed(button: Locator): Promise<void> {
  await armed(button);
  await button.click();
}

export async function armed(button: Locator): Promise<void> {
  await button.waitFor();
  await until(async () => (await button.getAttribute('aria-disabled')) !== 'true', 'An armed button');
}

/** Reads the card of a command to its end, as the page demands before it takes an answer, and turns back to its top. */
export async function readCard(chat: Frame): Promise<Locator> {
  const card = chat.locator('.card');
  const body = card.getByRole('region', { name: 'What is asked' });
  await body.waitFor();
  await until(async () => {
    if (!(await card.locator('.card-hint').innerText()).startsWith('Scroll')) return true;
    await scroll(body, 120);
    return false;
  }, 'A look at the whole card');
  await scroll(body, -10_000);
  return card;
}

/** Reads what is asked and allows it this once. */
export async function allowOnce(chat: Frame): Promise<void> {
  await clickArmed((await readCard(chat)).getByRole('button', { name: 'Allow once' }));
}

/** Looks at every file of a review until all of it has been on the screen, as the panel demands before it applies. */
export async function lookAtEverything(review: Frame): Promise<void> {
  const files = review.getByRole('navigation').getByRole('button');
  for (let at = 0; at < (await files.count()); at += 1) {
    await files.nth(at).click();
    await lookThrough(review, files.nth(at));
  }
}

/** Turns the wheel down, and up again from the end, in steps that leave nothing out. */
async function lookThrough(review: Frame, file: Locator): Promise<void> {
  const scroller = review.getByRole('region', { name: 'Hunks' });
  const unseen = file.getByText('not all of it was on the screen yet');
  let step = 120;
  let before = -1;
  await until(async () => {
    if ((await unseen.count()) === 0) return true;
    const now = await scroller.evaluate((element: { scrollTop: number }) => element.scrollTop);
    if (now === before) step = -step;
    before = now;
    await scroll(scroller, step);
    return false;
  }, 'A look at the whole file');
}

export function applyButton(review: Frame): Locator {
  return review.locator('.decisions button').last();
}

export function rejectAllButton(review: Frame): Locator {
  return review.locator('.decisions button').first();
}

/** Brings a file of the review up, by the name it has in the list. */
export async function showFile(review: Frame, name: string): Promise<void> {
  await review
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click();
  await review.getByRole('article', { name: new RegExp(`${name}$`) }).waitFor();
}

/** The sections of the file on show, in order. */
export function hunks(review: Frame): Locator {
  return review.getByRole('region', { name: /^Hunk \d+ of/ });
}

/** Takes a hunk of the file on show out of the change, or puts it back; `place` counts from 1. */
export async function chooseHunk(review: Frame, place: number, accept: boolean): Promise<void> {
  const tick = hunks(review)
    .nth(place - 1)
    .getByRole('checkbox');
  await choose(tick, accept);
}

/** The same for a whole file, in the list; `path` as it is shown there. */
export async function chooseFile(review: Frame, path: string, accept: boolean): Promise<void> {
  await choose(review.getByRole('checkbox', { name: `Accept the change to ${path}` }), accept);
}

/** The page draws a choice only when the host has taken it. */
async function choose(tick: Locator, accept: boolean): Promise<void> {
  if ((await tick.isChecked()) === accept) return;
  await tick.click();
  await until(async () => (await tick.isChecked()) === accept, 'The choice');
}

export function noteBox(review: Frame): Locator {
  return review.getByLabel(/^Note to the agent/);
}

/** Waits for a change set, looks at all of it, and applies what is accepted. */
export async function applyAll(page: Page, words = ''): Promise<void> {
  const review = await reviewPage(page, words);
  await lookAtEverything(review);
  await clickArmed(applyButton(review));
}

/** Waits until the agent has finished, or was stopped, and a message may be sent again. */
export async function turnOver(chat: Frame): Promise<void> {
  await chat.getByRole('button', { name: 'Send' }).waitFor({ timeout: 60_000 });
}

/** The row of a call of the agent, by the words on it. */
export function toolRow(chat: Frame, words: string): Locator {
  return chat.locator('.tool').filter({ hasText: words });
}

/** What Warrant itself says in the conversation. */
export function notice(chat: Frame, words: string): Locator {
  return chat.locator('.notice').filter({ hasText: words });
}

/** The answer of the agent with these words in it. */
export function answer(chat: Frame, words: string): Locator {
  return chat.locator('.markdown').filter({ hasText: words });
}

/** Polls, because what is waited for is in no one document that could be watched. */
export async function until(holds: () => Promise<boolean>, what = 'This', ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what} did not come about within ${ms / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function frameShowing(page: Page, selector: string): Promise<Frame> {
  let found: Frame | undefined;
  await until(async () => {
    for (const frame of page.frames()) {
      const count = await frame
        .locator(selector)
        .count()
        .catch(() => 0);
      if (count > 0) found = frame;
    }
    return found !== undefined;
  }, `A page with ${selector}`);
  if (found === undefined) throw new Error('unreachable');
  return found;
}

/** Not with the mouse: the workbench may show a hover where it stands, and that would take the wheel. */
async function scroll(scroller: Locator, by: number): Promise<void> {
  await scroller.evaluate(
    (element: { scrollBy(left: number, top: number): void }, top) => element.scrollBy(0, top),
    by,
  );
}
