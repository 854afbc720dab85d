import * as vscode from 'vscode';
import type { AuditRecord } from '../protocol/record.ts';
import { terminalFilter, terminalSafe } from './terminalSafe.ts';

/** Shows what commands print, live. Nothing can be typed into it: what is run comes from approvals alone. */
export type CommandTerminal = {
  /** Draws where a command begins and how it ended, from the record. */
  record(record: AuditRecord): void;
  /** `background` names a command that runs beside the turn; it has a terminal of its own. */
  readonly write: (chunk: string, background?: string) => void;
  dispose(): void;
};

type Detail = { readonly [name: string]: string | number | boolean };

const DIM = '\u001b[2m';
const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';

export function createCommandTerminal(): CommandTerminal {
  const screens = new Map<string, Screen>();
  let lastLine = '';

  function screenOf(background: string): Screen {
    const known = screens.get(background);
    if (known?.isOpen() === true) return known;
    known?.dispose();
    const name = background === '' ? 'Warrant' : `Warrant ${background}`;
    const screen = openScreen(name);
    screens.set(background, screen);
    if (background !== '') screen.print(lastLine);
    return screen;
  }

  return {
    record({ kind, data }) {
      if (kind === 'performing' && data.what?.kind === 'command') {
        lastLine = `${BOLD}$ ${asLines(terminalSafe(data.what.text))}${PLAIN}\r\n`;
        screenOf('').print(lastLine);
      }
      if (kind === 'performed' && typeof data.detail?.['command'] === 'string')
        screenOf('').print(`${DIM}[runs in the background as ${data.detail['command']}]${PLAIN}\r\n`);
      if (kind === 'performed' && data.detail?.['omittedBytes'] !== undefined)
        screenOf('').print(endLine(data.detail));
      if (kind === 'background.ended') screenOf(data.command).print(endLine(data.detail));
    },
    // One that the person closed stays closed until the next command begins.
    write: (chunk, background = '') => (screens.get(background) ?? screenOf(background)).write(chunk),
    dispose() {
      for (const screen of screens.values()) screen.dispose();
    },
  };
}

function endLine({ exit, signal, ended }: Detail): string {
  const end = exit !== undefined ? `exit ${exit}` : signal !== undefined ? `signal ${signal}` : String(ended);
  return `${DIM}[${end}]${PLAIN}\r\n`;
}

/** One terminal of the editor, opened without taking the focus. */
type Screen = {
  readonly isOpen: () => boolean;
  print(text: string): void;
  write(chunk: string): void;
  dispose(): void;
};

function openScreen(name: string): Screen {
  const emitter = new vscode.EventEmitter<string>();
  const filter = terminalFilter();
  let waiting: string[] | undefined = [];
  let isOpen = true;
  const terminal = vscode.window.createTerminal({
    name,
    isTransient: true,
    iconPath: new vscode.ThemeIcon('shield'),
    pty: {
      onDidWrite: emitter.event,
      // VS Code drops what is written before it has opened the terminal.
      open() {
        for (const text of waiting ?? []) emitter.fire(text);
        waiting = undefined;
      },
      close() {
        isOpen = false;
        emitter.dispose();
      },
    },
  });
  terminal.show(true);
  const print = (text: string): void => {
    if (waiting !== undefined) waiting.push(text);
    else if (isOpen) emitter.fire(text);
  };
  return {
    isOpen: () => isOpen,
    print,
    write: (chunk) => print(asLines(filter(chunk))),
    dispose() {
      isOpen = false;
      terminal.dispose();
      emitter.dispose();
    },
  };
}

function asLines(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}
