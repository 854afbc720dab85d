import type { Json } from './canonicalJson.ts';
import { digestOfJson, type Digest } from './digest.ts';
import type { Content, Effect } from './effect.ts';

/** Names an effect by what it would do. Contents stand in it by the digest of their bytes. */
export function effectDigest(effect: Effect): Digest {
  if (effect.kind !== 'edit') return digestOfJson(effect);
  const files = effect.files.map((file) => ({
    path: file.path,
    to: file.to,
    before: contentKey(file.before),
    after: contentKey(file.after),
  }));
  return digestOfJson({ kind: 'edit', files });
}

function contentKey(content: Content | null): Json {
  return content === null ? null : { digest: content.digest, mode: content.mode };
}
