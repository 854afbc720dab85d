import type { SandboxNetwork } from '../../protocol/sandbox.ts';

type Machine = {
  readonly audit: number;
  /** Calls that reach parts of the kernel which namespaces do not divide, or would build a sandbox within. */
  readonly refused: readonly number[];
  readonly clone: number;
  readonly socket: number;
  readonly ioctl: number;
  /** Numbers from here on belong to another way of calling the kernel; 0 where there is none. */
  readonly otherAbi: number;
};

// Mount interface, io_uring (which goes round filters) and mount_setattr have the same numbers everywhere.
const EVERYWHERE = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 443, 467];

const MACHINES: { readonly [arch: string]: Machine } = {
  x64: {
    audit: 0xc000003e,
    // mount umount2 pivot_root chroot unshare setns, keys, bpf perf userfaultfd, kexec modules swap reboot acct
    // syslog quotactl iopl ioperm, open_by_handle_at
    refused: [
      ...[165, 166, 155, 161, 272, 308, 248, 249, 250, 321, 298, 323],
      ...[246, 320, 175, 313, 176, 167, 168, 169, 163, 103, 179, 172, 173, 304],
      ...EVERYWHERE,
    ],
    clone: 56,
    socket: 41,
    ioctl: 16,
    otherAbi: 0x40000000,
  },
  arm64: {
    audit: 0xc00000b7,
    refused: [
      ...[40, 39, 41, 51, 97, 268, 217, 218, 219, 280, 241, 282],
      ...[104, 294, 105, 273, 106, 224, 225, 142, 89, 116, 60, 265],
      ...EVERYWHERE,
    ],
    clone: 220,
    socket: 198,
    ioctl: 29,
    otherAbi: 0,
  },
};

const CLONE3 = 435;
const ANY_NEW_NAMESPACE = 0x7e020080;
const [UNIX, INET, INET6, NETLINK] = [1, 2, 10, 16];
/** Puts characters into a terminal as if they were typed; the second does so on the console. */
const TYPING_IOCTLS = [0x5412, 0x541c];

const [LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN] = [0x20, 0x15, 0x35, 0x45, 0x06];
const [NUMBER, ARCH, FIRST, SECOND] = [0, 4, 16, 24];
const ALLOW = 0x7fff0000;
const NOT_PERMITTED = 0x00050001;
const NOT_THERE = 0x00050026;
const FAMILY_NOT_SUPPORTED = 0x00050061;

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, value: number];

/**
 * A seccomp program in the kernel's own form; null for a machine whose call numbers are not known here. Refused calls
 * fail as if the kernel lacked the right or the call. Unix sockets stay possible without a network, when none of the
 * person's can be seen; with the person's network, nameless paths of that network would lead to their desktop.
 */
export function seccompFilter(arch: string, network: SandboxNetwork): Uint8Array | null {
  const machine = MACHINES[arch];
  if (machine === undefined) return null;
  const families = network === 'off' ? [UNIX, INET, INET6, NETLINK] : [INET, INET6, NETLINK];
  return encode([
    [LOAD, 0, 0, ARCH],
    [EQUAL, 1, 0, machine.audit],
    [RETURN, 0, 0, NOT_THERE],
    [LOAD, 0, 0, NUMBER],
    ...(machine.otherAbi === 0 ? [] : when(AT_LEAST, machine.otherAbi, NOT_THERE)),
    ...machine.refused.flatMap((call) => when(EQUAL, call, NOT_PERMITTED)),
    // Its flags lie in memory that a filter cannot read; every C library falls back to clone.
    ...when(EQUAL, CLONE3, NOT_THERE),
    ...forCall(machine.clone, FIRST, when(ANY_BIT, ANY_NEW_NAMESPACE, NOT_PERMITTED), ALLOW),
    ...forCall(
      machine.ioctl,
      SECOND,
      TYPING_IOCTLS.flatMap((one) => when(EQUAL, one, NOT_PERMITTED)),
      ALLOW,
    ),
    ...forCall(
      machine.socket,
      FIRST,
      families.flatMap((family) => when(EQUAL, family, ALLOW)),
      FAMILY_NOT_SUPPORTED,
    ),
    [RETURN, 0, 0, ALLOW],
  ]);
}

function when(test: number, value: number, answer: number): readonly Instruction[] {
  return [
    [test, 0, 1, value],
    [RETURN, 0, 0, answer],
  ];
}

/** Looks at the low half of an argument, which is all the kernel itself takes of these. */
function forCall(
  call: number,
  argument: number,
  tests: readonly Instruction[],
  otherwise: number,
): readonly Instruction[] {
  return [[EQUAL, 0, tests.length + 2, call], [LOAD, 0, 0, argument], ...tests, [RETURN, 0, 0, otherwise]];
}

function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, [code, whenTrue, whenFalse, value]] of program.entries()) {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, whenTrue);
    bytes.setUint8(index * 8 + 3, whenFalse);
    bytes.setUint32(index * 8 + 4, value, true);
  }
  return new Uint8Array(bytes.buffer);
}
