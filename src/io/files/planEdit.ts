import type { BigIntStats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { contentBytes } from '../../protocol/content.ts';
import { digestOf } from '../../protocol/digest.ts';
import type { Content, EditEffect, FileEdit } from '../../protocol/effect.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import { shownPath, type WorkspacePath } from '../../protocol/workspacePath.ts';
import type { Before, EditUnit, Place } from './editUnit.ts';
import { statsOf, type Location, type RealRoot } from './locate.ts';
import { readBytes } from './readContent.ts';

export type EditLimits = {
  readonly roots: readonly RealRoot[];
  /** Where the path leads now, or why it may not be used: it must be where it led when it was judged. */
  readonly locate: (path: WorkspacePath) => Promise<Location | Outcome>;
  readonly unsaved: (path: WorkspacePath) => boolean;
  readonly maxBytes: number;
  readonly id: () => string;
};

/** A unit with what stays in memory: the bytes it needs and the identity of the file it was planned for. */
export type PlannedUnit = {
  readonly unit: EditUnit;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
  readonly seen: BigIntStats | null;
};

export type EditPlan = { readonly units: readonly PlannedUnit[]; readonly folders: readonly string[] };

type Fresh = { readonly content: Content; readonly bytes: Uint8Array };
type Source = { readonly place: Place; readonly bytes: Uint8Array; readonly stats: BigIntStats };

/** Checks every precondition of an edit against the disk and the editor and says which steps it takes. Writes nothing. */
export async function planEdit(
  effect: EditEffect,
  limits: EditLimits,
): Promise<{ readonly kind: 'plan'; readonly plan: EditPlan } | Outcome> {
  const units: PlannedUnit[] = [];
  const folders = new Set<string>();
  const used = new Set<string>();
  for (const edit of effect.files) {
    const planned = await planFile(edit, limits);
    if (!isList(planned)) return planned;
    for (const one of planned) {
      const clash = claims(one).find((claim) => used.has(claim));
      if (clash !== undefined) return failed(`${name(edit.path, limits)} is named twice in one edit`);
      for (const claim of claims(one)) used.add(claim);
      units.push(one);
      for (const folder of await missingFolders(one.unit.at.folder)) folders.add(folder);
    }
  }
  return { kind: 'plan', plan: { units, folders: [...folders].sort() } };
}

async function planFile(edit: FileEdit, limits: EditLimits): Promise<readonly PlannedUnit[] | Outcome> {
  const { before, after, to } = edit;
  const target = to ?? edit.path;
  if (before === null && (after === null || to !== undefined))
    throw new Error('An edit of a file that does not exist can only create it.');
  if (to !== undefined && after === null) throw new Error('An edit cannot rename and delete a file.');
  const fresh = after === null ? null : { content: after, bytes: exactBytes(after) };
  if (fresh !== null && fresh.bytes.length > limits.maxBytes) {
    const most = `more than the ${limits.maxBytes} that files.maxBytes allows`;
    return failed(`${name(target, limits)} would have ${fresh.bytes.length} bytes, ${most}`);
  }

  if (before === null) {
    const place = await freePlace(edit.path, limits);
    if (isOutcome(place)) return place;
    return fresh === null ? [] : [create(place, fresh, limits)];
  }
  const source = await sourceOf(edit.path, before, limits, fresh === null || to !== undefined);
  if (isOutcome(source)) return source;
  if (fresh === null) return [remove(source, limits)];
  const changed = fresh.content.digest !== before.digest || fresh.content.mode !== before.mode;
  if (to === undefined) return changed ? [write(source, fresh, limits)] : [];
  const place = await freePlace(to, limits, changed ? undefined : source);
  if (isOutcome(place)) return place;
  return changed ? [create(place, fresh, limits), remove(source, limits)] : [move(source, place, limits)];
}

/** The file as it was when the edit was shown, or why it is not that any more. */
async function sourceOf(
  path: WorkspacePath,
  before: Content,
  limits: EditLimits,
  leaves: boolean,
): Promise<Source | Outcome> {
  const shown = name(path, limits);
  const location = await limits.locate(path);
  if (isOutcome(location)) return location;
  if (leaves && (await isLink(location)))
    return failed(`${shown} is a link, and links are neither deleted nor renamed`);
  const unsaved = unsavedIn(path, location, limits);
  if (unsaved !== undefined) return unsaved;
  const read = await readBytes(location.realAbsolute, Number.MAX_SAFE_INTEGER);
  switch (read.kind) {
    case 'absent':
      return stale(path, `${shown} does not exist any more`);
    case 'moved':
      return stale(path, `${shown} was replaced by a link`);
    case 'refused':
      return failed(`${shown} cannot be edited: ${read.because}`);
    case 'bytes':
      if (digestOf(read.bytes) !== before.digest) return stale(path, `${shown} changed on disk`);
      if ((Number(read.stats.mode) & 0o7777) !== before.mode)
        return stale(path, `the permissions of ${shown} changed on disk`);
      return { place: placeOf(location), bytes: read.bytes, stats: read.stats };
  }
}

/** Where nothing is yet. Renaming a file to another spelling of its own name meets itself on some disks. */
async function freePlace(path: WorkspacePath, limits: EditLimits, source?: Source): Promise<Place | Outcome> {
  const shown = name(path, limits);
  const location = await limits.locate(path);
  if (isOutcome(location)) return location;
  if (await isLink(location)) return failed(`${shown} is a link that leads nowhere`);
  const unsaved = unsavedIn(path, location, limits);
  if (unsaved !== undefined) return unsaved;
  const stats = await statsOf(location.realAbsolute);
  const itself =
    stats !== null &&
    source !== undefined &&
    stats.nlink === 1n &&
    stats.ino === source.stats.ino &&
    stats.dev === source.stats.dev;
  if (stats !== null && !itself) return stale(path, `${shown} exists by now`);
  return itself ? { ...placeOf(location), name: basename(location.literal) } : placeOf(location);
}

function unsavedIn(path: WorkspacePath, { real }: Location, limits: EditLimits): Outcome | undefined {
  if (!limits.unsaved(path) && (real === null || !limits.unsaved(real))) return undefined;
  return stale(path, `${name(path, limits)} has unsaved changes in an editor`);
}

async function isLink({ literal, realAbsolute }: Location): Promise<boolean> {
  if (literal === realAbsolute) return false;
  const stats = await statsOf(literal);
  return stats?.isSymbolicLink() ?? false;
}

/** The warrant speaks of digests; a text that does not have its digest was never shown to anybody. */
function exactBytes(content: Content): Uint8Array {
  const bytes = contentBytes(content);
  if (digestOf(bytes) !== content.digest) throw new Error('The text of an edit does not have its digest.');
  return bytes;
}

function create(at: Place, { content, bytes }: Fresh, { id }: EditLimits): PlannedUnit {
  const after = versionOf(content);
  return {
    unit: { kind: 'create', at, after, temp: tempName(id()), inPlace: false },
    before: null,
    after: bytes,
    seen: null,
  };
}

function write(source: Source, { content, bytes }: Fresh, { id }: EditLimits): PlannedUnit {
  const unit: EditUnit = {
    kind: 'write',
    at: source.place,
    before: beforeOf(source, id()),
    after: versionOf(content),
    temp: tempName(id()),
    inPlace: source.stats.nlink > 1n,
  };
  return { unit, before: source.bytes, after: bytes, seen: source.stats };
}

function remove(source: Source, { id }: EditLimits): PlannedUnit {
  const before = beforeOf(source, id());
  const unit = { kind: 'remove', at: source.place, before, temp: tempName(id()) } as const;
  return { unit, before: source.bytes, after: null, seen: source.stats };
}

function move(source: Source, at: Place, { id }: EditLimits): PlannedUnit {
  const before = beforeOf(source, id());
  const unit = {
    kind: 'move',
    from: source.place,
    at,
    before,
    temp: tempName(id()),
    inPlace: false,
  } as const;
  return { unit, before: source.bytes, after: null, seen: source.stats };
}

function beforeOf({ bytes, stats }: Source, id: string): Before {
  return {
    digest: digestOf(bytes),
    mode: Number(stats.mode) & 0o7777,
    copy: `before-${id}`,
    owner: { uid: Number(stats.uid), gid: Number(stats.gid) },
    times: { accessed: Number(stats.atimeNs) / 1e9, modified: Number(stats.mtimeNs) / 1e9 },
  };
}

function versionOf({ digest, mode }: Content) {
  return { digest, mode };
}

function placeOf({ path, realAbsolute }: Location): Place {
  return { folder: dirname(realAbsolute), name: basename(realAbsolute), path };
}

function tempName(id: string): string {
  return `.warrant-${id}.tmp`;
}

/** Two steps of one edit must not meet: neither by path nor by being hard links of one file. */
function claims({ unit, seen }: PlannedUnit): readonly string[] {
  const places = unit.kind === 'move' ? [unit.from, unit.at] : [unit.at];
  const paths = places.map(({ folder, name: entry }) => `${folder}\0${entry}`);
  return seen === null ? paths : [...paths, `${seen.dev}:${seen.ino}`];
}

async function missingFolders(folder: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let at = folder; (await statsOf(at)) === null; at = dirname(at)) missing.push(at);
  return missing;
}

function name(path: WorkspacePath, { roots }: EditLimits): string {
  return shownPath(path, roots);
}

function isList(value: readonly PlannedUnit[] | Outcome): value is readonly PlannedUnit[] {
  return Array.isArray(value);
}

/** Places, sources and locations have no kind. */
function isOutcome(value: object): value is Outcome {
  return 'kind' in value;
}

function stale(path: WorkspacePath, because: string): Outcome {
  return { kind: 'stale', path, because };
}

function failed(because: string): Outcome {
  return { kind: 'failed', because };
}
