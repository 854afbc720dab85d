import type { Frame, Locator, Page } from 'playwright-core';

/**
 * What a person sees and touches of Warrant itself. Its pages are found by what they show, since VS Code gives the
 * frames they live in no name of ours.
 */

export function chatPage(page: Page): Promise<Frame> {
  return frameShowing(page, '.composer');
}

export function reviewPage(page: Page): Promise<Frame> {
  return frameShowing(page, '.decisions');
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
  await until(async () => (await button.getAttribute('aria-disabled')) !== 'true');
}

/** Looks at every file of a review until all of it has been on the screen, as the panel demands before it applies. */
export async function lookAtEverything(review: Frame): Promise<void> {
  const files = review.getByRole('navigation').getByRole('button');
  for (let at = 0; at < (await files.count()); at += 1) {
    await files.nth(at).click();
    const hunks = review.locator('.hunk');
    await hunks.first().waitFor();
    for (let hunk = 0; hunk < (await hunks.count()); hunk += 1)
      await hunks.nth(hunk).scrollIntoViewIfNeeded();
  }
}

export function applyButton(review: Frame): Locator {
  return review.locator('.decisions button').last();
}

export function rejectAllButton(review: Frame): Locator {
  return review.locator('.decisions button').first();
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
