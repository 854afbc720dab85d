import { openWarrant } from './openWarrant.ts';
import { viewIcon } from './workbench.ts';

export interface MainJob {
  /** The folder whose copy is opened. */
  readonly template: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface MainJobReport {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/** Does in a headless window what a person does first. */
export async function checkMainJob({ template, settings }: MainJob): Promise<MainJobReport> {
  const window = await openWarrant({ template, settings });
  try {
    await viewIcon(window.page, 'Warrant').waitFor({ timeout: 30_000 });
    return { ok: true, lines: ['The workbench shows the Warrant view.'] };
  } finally {
    await window.stop();
  }
}
