import type { CommandStep } from '../../protocol/command.ts';
import { joinFolder } from '../../protocol/linePaths.ts';
import type { PlainStep } from './plainStep.ts';

export type StepFolders =
  | { readonly kind: 'folders'; readonly folders: readonly string[] }
  | { readonly kind: 'unclear'; readonly because: string };

/**
 * One way a line may have gone so far. `fellBack`: the `cd` just before failed. What comes next and was meant for the
 * new folder is then not run at all, so such a way need not agree with the others.
 */
type Way = { readonly folder: string; readonly succeeded: boolean; readonly fellBack: boolean };

/** The folder each step runs in, where that is the same however the commands before it end. */
export function stepFolders(steps: readonly PlainStep[]): StepFolders {
  let ways: readonly Way[] = [{ folder: '', succeeded: true, fellBack: false }];
  const folders: string[] = [];
  for (const step of steps) {
    const running = ways.filter(({ succeeded }) => runsAfter(step.when, succeeded));
    // What is there for the case of a failure would have run in the old folder too.
    const sure = running.filter(({ fellBack }) => !fellBack || step.when === 'afterFailure');
    const places = [...new Set((sure.length > 0 ? sure : running).map(({ folder }) => folder))];
    const [folder = ''] = places;
    if (places.length > 1) return unclear('a folder that depends on how a command ends');
    const target = cdTarget(step);
    if (target.kind === 'unclear') return target;
    folders.push(folder);
    const waysOn: readonly Way[] =
      target.kind === 'folder'
        ? [
            { folder: joinFolder(folder, target.word), succeeded: true, fellBack: false },
            { folder, succeeded: false, fellBack: true },
          ]
        : [
            { folder, succeeded: true, fellBack: false },
            { folder, succeeded: false, fellBack: false },
          ];
    ways = distinct([...ways.filter((way) => !running.includes(way)), ...(running.length > 0 ? waysOn : [])]);
  }
  return { kind: 'folders', folders };
}

function runsAfter(when: CommandStep['when'], succeeded: boolean): boolean {
  return when === 'always' || (when === 'afterSuccess') === succeeded;
}

type Target =
  | { readonly kind: 'folder'; readonly word: string }
  | { readonly kind: 'stays' }
  | Extract<StepFolders, { kind: 'unclear' }>;

function cdTarget({ pipeline }: PlainStep): Target {
  if (!pipeline.some(({ words: [{ value }] }) => value === 'cd')) return { kind: 'stays' };
  if (pipeline.length > 1) return unclear('"cd" in a pipeline');
  const [, target, ...more] = pipeline[0].words;
  if (target === undefined || more.length > 0 || target.value === '' || target.value.startsWith('-'))
    return unclear('"cd" without one folder');
  if (target.parts !== undefined) return unclear('a file name pattern after "cd"');
  return { kind: 'folder', word: target.value };
}

function distinct(ways: readonly Way[]): readonly Way[] {
  return [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()];
}

function unclear(because: string): Extract<StepFolders, { kind: 'unclear' }> {
  return { kind: 'unclear', because };
}
