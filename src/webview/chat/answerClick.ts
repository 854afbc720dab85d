import type { Host } from './host.ts';
import { clicked } from './safeFragment.ts';

/** Answers clicks and key presses on what stands inside a model's text. */
export function answerClick(event: Event, host: Host): void {
  if (event instanceof KeyboardEvent && (event.key !== 'Enter' || isButton(event.target))) return;
  const click = clicked(event.target);
  if (click === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  switch (click.kind) {
    case 'link':
      host.post({ kind: 'openLink', href: click.href });
      return;
    case 'path':
      host.post({
        kind: 'openFile',
        path: click.path,
        ...(click.line === undefined ? {} : { line: click.line }),
      });
      return;
    case 'copy':
      void navigator.clipboard.writeText(click.text).then(() => say(click.button, 'Copied'));
      return;
  }
}

function isButton(target: EventTarget | null): boolean {
  return target instanceof HTMLButtonElement;
}

function say(button: HTMLElement, words: string): void {
  const before = button.textContent;
  if (before === words) return;
  button.textContent = words;
  setTimeout(() => (button.textContent = before), 1_500);
}
