import type { Problem } from '../protocol/outcome.ts';
import type { Clock, ProblemWatch } from '../protocol/ports.ts';
import type { WorkspacePath } from '../protocol/workspacePath.ts';

/** What an editor says of files. */
export type EditorOpinions = {
  problems(path: WorkspacePath): readonly Problem[];
  /** Whether the editor holds the file, so that something in it looks at changes at once. */
  isOpen(path: WorkspacePath): boolean;
  /** Calls back for every file whose problems changed; the returned function ends it. */
  onChanged(listener: (path: WorkspacePath) => void): () => void;
};

const LONGEST_MS = 1_000;
/** Several checkers report one after the other. */
const QUIET_MS = 250;

/**
 * Compares problems before and after an edit. Errors and warnings alone; the same one in another line is not new, since
 * an edit moves lines. Nobody waits for files that the editor neither holds nor had anything to say about.
 */
export function problemWatch(editor: EditorOpinions, clock: Clock): ProblemWatch {
  return {
    watch(paths) {
      const watched = new Set(paths);
      const before = new Map(paths.map((path) => [path, tally(editor.problems(path))]));
      let changes = 0;
      let woken: () => void = () => undefined;
      const end = editor.onChanged((path) => {
        if (!watched.has(path)) return;
        changes += 1;
        woken();
      });

      /** Resolves when something changed, or after `ms`. */
      async function changeWithin(ms: number, signal: AbortSignal): Promise<void> {
        const woke = new AbortController();
        woken = () => woke.abort();
        await clock.sleep(ms, AbortSignal.any([signal, woke.signal])).catch(() => signal.throwIfAborted());
      }

      return {
        end,
        async fresh(signal) {
          const looks = paths.some((path) => editor.isOpen(path) || (before.get(path)?.size ?? 0) > 0);
          const until = clock.now() + LONGEST_MS;
          for (let seen = -1; looks && seen !== changes && clock.now() < until;) {
            const wait = changes === 0 ? LONGEST_MS : QUIET_MS;
            seen = changes;
            await changeWithin(Math.min(wait, until - clock.now()), signal);
          }
          return paths.flatMap((path) => freshOf(editor.problems(path), before.get(path) ?? new Map()));
        },
      };
    },
  };
}

function freshOf(now: readonly Problem[], before: ReadonlyMap<string, number>): readonly Problem[] {
  const left = new Map(before);
  return now.filter(isTrouble).filter((problem) => {
    const key = keyOf(problem);
    const known = left.get(key) ?? 0;
    left.set(key, known - 1);
    return known <= 0;
  });
}

function tally(problems: readonly Problem[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const problem of problems.filter(isTrouble)) {
    const key = keyOf(problem);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function isTrouble({ severity }: Problem): boolean {
  return severity === 'error' || severity === 'warning';
}

function keyOf({ severity, source, message }: Problem): string {
  return JSON.stringify([severity, source, message]);
}
