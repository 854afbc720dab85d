import { chmod, mkdir, rename, rm, symlink, writeFile, link } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';

/** One thing done to a workspace by hand: what git cannot hold, or what happens behind the product's back. */
export const diskStep = z.union([
  z.strictObject({ write: z.string(), text: z.string() }),
  z.strictObject({ write: z.string(), base64: z.string() }),
  z.strictObject({ write: z.string(), bytes: z.int().positive() }),
  z.strictObject({ symlink: z.string(), to: z.string() }),
  z.strictObject({ hardlink: z.string(), to: z.string() }),
  z.strictObject({ remove: z.string() }),
  z.strictObject({ folder: z.string() }),
  z.strictObject({ move: z.string(), to: z.string() }),
  z.strictObject({ chmod: z.string(), mode: z.string() }),
]);
export type DiskStep = z.infer<typeof diskStep>;

export async function takeDiskStep(workspace: string, step: DiskStep): Promise<void> {
  const at = (path: string) => join(workspace, path);
  if ('write' in step) {
    await mkdir(dirname(at(step.write)), { recursive: true });
    await writeFile(at(step.write), contentOfStep(step));
    return;
  }
  if ('symlink' in step) return symlink(step.to, at(step.symlink));
  if ('hardlink' in step) return link(at(step.to), at(step.hardlink));
  if ('remove' in step) return rm(at(step.remove), { recursive: true });
  if ('folder' in step) {
    await mkdir(at(step.folder), { recursive: true });
    return;
  }
  if ('move' in step) return rename(at(step.move), at(step.to));
  return chmod(at(step.chmod), Number.parseInt(step.mode, 8));
}

function contentOfStep(step: Extract<DiskStep, { write: string }>): string | Buffer {
  if ('text' in step) return step.text;
  return 'base64' in step ? Buffer.from(step.base64, 'base64') : Buffer.alloc(step.bytes, 'a line of text\n');
}
