import type { Digest } from '../../protocol/digest.ts';
import type { WorkspacePath } from '../../protocol/workspacePath.ts';
import type { Owner, Times } from './disk.ts';

/** One entry of a folder, by real absolute path. */
export type Place = { readonly folder: string; readonly name: string; readonly path: WorkspacePath };

type Version = { readonly digest: Digest; readonly mode: number };

/** What was there, and under which name its bytes are kept in the journal. */
export type Before = Version & { readonly copy: string; readonly owner: Owner; readonly times: Times };

/**
 * One step of an edit as the journal keeps it. `temp` names the synced new text beside the target. `inPlace` is set
 * before a file is written without a rename: only then may it be found half written, and `temp` stays until the end.
 */
export type EditUnit =
  | {
      readonly kind: 'create';
      readonly at: Place;
      readonly after: Version;
      readonly temp: string;
      readonly inPlace: boolean;
    }
  | {
      readonly kind: 'write';
      readonly at: Place;
      readonly before: Before;
      readonly after: Version;
      readonly temp: string;
      readonly inPlace: boolean;
    }
  | { readonly kind: 'remove'; readonly at: Place; readonly before: Before; readonly temp: string }
  | {
      readonly kind: 'move';
      readonly from: Place;
      readonly at: Place;
      readonly before: Before;
      readonly temp: string;
      readonly inPlace: boolean;
    };

/** `folders` are those that have to be made, parents first, by real absolute path. */
export type EditRecord = {
  readonly version: 1;
  readonly units: readonly EditUnit[];
  readonly folders: readonly string[];
};

/** Under another name than the new text: as long as `temp` is there, a step that renames has not been done. */
export function backName(temp: string): string {
  return `${temp}-back`;
}
