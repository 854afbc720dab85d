import * as vscode from 'vscode';
import type { AuditRecord } from '../protocol/record.ts';
import { terminalFilter, terminalSafe } from './terminalSafe.ts';

/** Shows what commands print, live. Nothing can be typed into it: what is run comes from approvals alone. */
export type CommandTerminal = {
  /** Draws where a command begins and how it ended, from the record. */
  record(record: AuditRecord): void;
  write(chunk: string): void;
  dispose(): void;
};

const DIM = '\u001b[2m';
const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';

export function createCommandTerminal(): CommandTerminal {
  let terminal: vscode.Terminal | undefined;
  let output: vscode.EventEmitter<string> | undefined;
  let waiting: string[] | undefined;
  const filter = terminalFilter();
  const closed = vscode.window.onDidCloseTerminal((gone) => {
    if (gone === terminal) forget();
  });

  function forget(): void {
    output?.dispose();
    terminal = output = waiting = undefined;
  }

  function open(): void {
    if (terminal !== undefined) return;
    const emitter = new vscode.EventEmitter<string>();
    const early: string[] = [];
    output = emitter;
    waiting = early;
    terminal = vscode.window.createTerminal({
      name: 'Warrant',
      isTransient: true,
      iconPath: new vscode.ThemeIcon('shield'),
      pty: {
        onDidWrite: emitter.event,
        // VS Code drops what is written before it has opened the terminal.
        open() {
          for (const text of early) emitter.fire(text);
          waiting = undefined;
        },
        close: forget,
      },
    });
    terminal.show(true);
  }

  function print(text: string): void {
    if (waiting !== undefined) waiting.push(text);
    else output?.fire(text);
  }

  return {
    record({ kind, data }) {
      if (kind === 'performing' && data.what?.kind === 'command') {
        open();
        print(`${BOLD}$ ${asLines(terminalSafe(data.what.text))}${PLAIN}\r\n`);
      }
      if (kind === 'performed' && data.detail?.['omittedBytes'] !== undefined) {
        const { exit, signal, ended } = data.detail;
        const end =
          exit !== undefined ? `exit ${exit}` : signal !== undefined ? `signal ${signal}` : String(ended);
        print(`${DIM}[${end}]${PLAIN}\r\n`);
      }
    },
    write: (chunk) => print(asLines(filter(chunk))),
    dispose() {
      closed.dispose();
      terminal?.dispose();
      forget();
    },
  };
}

function asLines(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}
