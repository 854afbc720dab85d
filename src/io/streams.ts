import type { Redirect } from '../protocol/command.ts';
import type { Place } from './files/linePlaces.ts';
import { openRedirect, type RedirectFile, type RedirectUse } from './files/redirectFile.ts';

type Source = 'null' | 'previous' | RedirectFile;
export type Target = 'null' | 'next' | 'output' | RedirectFile;

/** Where the three streams of one program lead. With `trouble` it must not run; that is for `err` to say. */
export type Streams = {
  readonly input: Source;
  readonly out: Target;
  readonly err: Target;
  readonly trouble?: string;
  close(): Promise<void>;
};

/**
 * Redirects count from left to right: `2>&1 >/dev/null` is not `>/dev/null 2>&1`. Files are opened, and emptied, in
 * that order, up to the first that cannot be.
 */
export async function openStreams(
  redirects: readonly Redirect[],
  ends: { readonly isFirst: boolean; readonly isLast: boolean },
  locate: (file: string) => Promise<Place>,
): Promise<Streams> {
  const opened: RedirectFile[] = [];
  let input: Source = ends.isFirst ? 'null' : 'previous';
  let out: Target = ends.isLast ? 'output' : 'next';
  let err: Target = 'output';
  const close = async () => {
    await Promise.all(opened.map((file) => file.close()));
  };
  for (const redirect of redirects) {
    let target: RedirectFile | 'null' | 'stdout' | 'stderr';
    if ('file' in redirect) {
      const place = await locate(redirect.file);
      const result =
        place.kind === 'at'
          ? await openRedirect(place.real, useOf(redirect))
          : { kind: 'failed' as const, because: place.because };
      if (result.kind === 'failed')
        return { input, out, err, close, trouble: `${redirect.file}: ${result.because}` };
      target = result.file;
      opened.push(target);
    } else target = redirect.fd === 0 ? redirect.from : redirect.to;
    if (redirect.fd === 0) input = typeof target === 'string' ? 'null' : target;
    else {
      const led: Target = target === 'stdout' ? out : target === 'stderr' ? err : target;
      if (redirect.fd === 1) out = led;
      else err = led;
    }
  }
  return { input, out, err, close };
}

function useOf(redirect: Extract<Redirect, { file: string }>): RedirectUse {
  if (redirect.fd === 0) return 'read';
  return redirect.append ? 'append' : 'write';
}
