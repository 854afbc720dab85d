import type { SandboxProfile } from '../../protocol/sandbox.ts';
import type { ProcessEnd } from '../processes.ts';

const NETWORK =
  /network is unreachable|could not resolve (host|proxy)|couldn't resolve host|name or service not known|temporary failure in name resolution|nodename nor servname|ENETUNREACH|EAI_AGAIN|ENOTFOUND|no address associated/i;
const READ_ONLY = /read-only file system|EROFS/i;
const BUSY = /device or resource busy|EBUSY/i;
const NOT_PERMITTED = /operation not permitted|EPERM|address family not supported/i;

/**
 * A sentence for the model and the person where an end looks as if the sandbox had caused it; undefined otherwise. It
 * is a guess from what the program printed, and says so.
 */
export function explainEnd(
  end: ProcessEnd,
  output: string,
  { network, writable }: SandboxProfile,
): string | undefined {
  if (end.kind === 'exit' && end.code === 0) return undefined;
  if (network === 'off' && NETWORK.test(output))
    return 'This looks like the sandbox: commands run without a network here, and this one seems to need it. Nothing was sent; ask for the network if the command cannot do without.';
  if (READ_ONLY.test(output))
    return `This looks like the sandbox: only ${writable.join(', ') || 'nothing'} and /tmp can be written, and not the files in it that git, the editor or other tools obey. That write was not made; edit such a file with the edit tools, or ask to run outside the sandbox.`;
  if (BUSY.test(output))
    return 'This looks like the sandbox: a protected file or a folder that holds one cannot be moved or removed. Nothing was moved.';
  if (NOT_PERMITTED.test(output))
    return 'This looks like the sandbox: the command asked the operating system for something programs may not do in there. It was not done; ask to run outside the sandbox if that is what you need.';
  return undefined;
}
