/**
 * Scripts of bash that print ESCAPED when they got out. `bare` says that the same script does get out when there is no
 * sandbox, on any machine, and for whom, which shows that it is an attack at all. None of them may harm the machine if it succeeds: what
 * belongs to the host is opened for writing and not written.
 */
export type Attack = {
  readonly name: string;
  readonly script: string;
  readonly bare?: 'anybody' | 'root';
  /** System call numbers are those of x86-64. */
  readonly x64?: true;
};

const escaped = 'echo ESCAPED';

/** A system call by its number, through perl, which git needs anyway; ESCAPED unless it was refused with this errno. */
function refusedCall(call: string, errno: number): string {
  return `perl -e 'my ($kind, $name) = ("user", "warrant-test"); my $r = syscall(${call}); print "ESCAPED\\n" if $r >= 0 || $! != ${errno}; print "errno ", $!+0, "\\n"'`;
}

function connect(address: string): string {
  return `perl -e 'use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die $!; connect($s, ${address}) or die $!; print "ESCAPED\\n"'`;
}

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

export const attacks: readonly Attack[] = [
  // Writing where nothing may be written.
  {
    name: 'changes a file beside the workspace',
    script: `echo x > "$OUTSIDE/file.txt" && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'makes a file beside the workspace',
    script: `echo x > "$OUTSIDE/new" && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'writes to a folder whose name begins alike',
    script: `echo x > "$WS-evil/file.txt" && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'writes a start-up file into the home',
    script: `echo x > "$HOME/.bashrc" && ${escaped}`,
    bare: 'anybody',
  },
  { name: 'writes above the workspace', script: `echo x > ../x && ${escaped}`, bare: 'anybody' },
  { name: 'writes to /etc', script: `: >> /etc/profile && ${escaped}` },
  { name: 'writes to /usr', script: `: > /usr/bin/warrant-test && rm /usr/bin/warrant-test && ${escaped}` },
  { name: 'makes a folder at the top', script: `mkdir /warrant-test && rmdir /warrant-test && ${escaped}` },
  {
    name: 'writes through a link',
    script: `ln -s "$OUTSIDE" src/out; echo x > src/out/file.txt && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'links a file outside',
    script: `ln "$OUTSIDE/file.txt" src/linked && ${escaped}`,
    bare: 'anybody',
  },
  { name: 'links a file of the system', script: `ln /etc/passwd src/passwd && ${escaped}` },
  {
    name: 'writes through its own root',
    script: `echo x > "/proc/self/root$OUTSIDE/file.txt" && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'writes through the root of process 1',
    script: `echo x > "/proc/1/root$OUTSIDE/file.txt" && ${escaped}`,
  },
  {
    name: 'writes through the folder of process 1',
    script: `cd /proc/1/cwd/ && echo x > "$OUTSIDE/file.txt" && ${escaped}`,
  },
  {
    name: 'finds an open folder of the host',
    script: `for f in /proc/[0-9]*/fd/*; do [ -d "$f/" ] && [ -e "$f/..$OUTSIDE/file.txt" ] && ${escaped}; done; true`,
  },
  {
    name: 'gets more than the standard streams',
    script: `for f in 3 4 5 6 7 8 9; do [ -e /proc/self/fd/$f ] && readlink /proc/self/fd/$f | grep -v '^/proc' && ${escaped}; done; true`,
  },

  // Protected places.
  { name: 'writes a hook', script: `echo x > .git/hooks/pre-commit && ${escaped}`, bare: 'anybody' },
  { name: 'changes a hook that is there', script: `echo x >> .git/hooks/pre-commit.sample && ${escaped}` },
  { name: 'writes the configuration of git', script: `echo x >> .git/config && ${escaped}`, bare: 'anybody' },
  {
    name: 'has git write its configuration',
    script: `git config core.fsmonitor ./x && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'makes an absent configuration of git',
    script: `echo x > .git/config.worktree && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'leads git to another folder',
    script: `echo ../src > .git/commondir && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'writes attributes for git',
    script: `echo x > .git/info/attributes && ${escaped}`,
    bare: 'anybody',
  },
  { name: 'moves .git away', script: `mv .git x && ${escaped}`, bare: 'anybody' },
  { name: 'removes .git', script: `rmdir .git || mv -T src .git && ${escaped}` },
  {
    name: 'swaps .git with a folder of its own',
    script: `perl -e 'my ($own, $git) = ("src", ".git"); exit(syscall(316, -100, $own, -100, $git, 2) != 0)' && ${escaped}`,
    bare: 'anybody',
    x64: true,
  },
  { name: 'moves the hooks away', script: `mv .git/hooks .git/x && ${escaped}`, bare: 'anybody' },
  {
    name: 'replaces the configuration by moving',
    script: `echo x > src/c && mv -f src/c .git/config && ${escaped}`,
    bare: 'anybody',
  },
  { name: 'removes the configuration', script: `rm -f .git/config && ${escaped}`, bare: 'anybody' },
  {
    name: 'gives the configuration a second name',
    script: `ln .git/config src/c && echo x >> src/c && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'opens a hook folder for writing by its rights',
    script: `chmod 777 .git/hooks && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'makes absent editor settings',
    script: `mkdir -p .vscode && echo x > .vscode/settings.json && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'makes absent editor settings by moving',
    script: `mkdir src/v && echo x > src/v/tasks.json && mv -T src/v .vscode && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'makes an absent folder of an agent',
    script: `mkdir -p .claude && echo x > .claude/settings.json && ${escaped}`,
    bare: 'anybody',
  },
  { name: 'changes instructions for agents', script: `echo x >> AGENTS.md && ${escaped}`, bare: 'anybody' },
  {
    name: 'changes editor settings in a folder below',
    script: `echo x > packages/a/.vscode/settings.json && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'moves the folder that holds them',
    script: `mv packages/a packages/b && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'moves a folder further above',
    script: `mv packages p && mkdir -p packages/a/.vscode && ${escaped}`,
    bare: 'anybody',
  },
  { name: 'moves the workspace itself', script: `cd .. && mv project p && ${escaped}`, bare: 'anybody' },

  // Reading what is hidden.
  { name: 'reads a key', script: `cat "$THEIR_HOME/.ssh/id_test" && ${escaped}`, bare: 'anybody' },
  {
    name: 'lists the home',
    script: `ls -A "$THEIR_HOME" | grep -v '^project$' && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'reads what lies beside the workspace',
    script: `cat "$OUTSIDE/file.txt" && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'reads the product’s own folder in the workspace',
    script: `cat "$OWN/ledger" && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'writes the product’s own folder in the workspace',
    script: `echo x > "$OWN/new" && ${escaped}`,
    bare: 'anybody',
  },
  { name: 'moves the product’s own folder', script: `mv "$OWN" src/x && ${escaped}`, bare: 'anybody' },
  { name: 'reads the product’s storage', script: `ls "$STORAGE" && ${escaped}`, bare: 'anybody' },
  { name: 'reads password hashes', script: `cat /etc/shadow && ${escaped}`, bare: 'root' },
  {
    name: 'reads a key through any process',
    script: `cat /proc/[0-9]*/root"$THEIR_HOME/.ssh/id_test" && ${escaped}`,
    bare: 'root',
  },
  {
    name: 'sees other programs’ environments',
    script: `cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep VICTIM_SECRET && ${escaped}`,
    bare: 'root',
  },
  {
    name: 'reads the disk behind the files',
    script: `ls /dev | grep -E '^(sd|vd|nvme|dm|loop|mapper|mem|kmsg|kvm|fuse)' && ${escaped}`,
  },
  { name: 'makes a device of its own', script: `mknod src/disk b 254 0 && ${escaped}`, bare: 'root' },
  { name: 'makes the memory device', script: `mknod src/mem c 1 1 && ${escaped}`, bare: 'root' },

  // Other processes.
  { name: 'ends a process of the host', script: `kill -0 "$VICTIM" && ${escaped}`, bare: 'anybody' },
  {
    name: 'traces a process of the host',
    script: `perl -e 'exit(syscall(101, 16, $ENV{VICTIM}+0, 0, 0) != 0)' && ${escaped}`,
    x64: true,
  },
  {
    name: 'types into the terminal',
    script: `perl -e 'open(my $t, "+<", "/dev/ptmx") or die; print "ESCAPED\\n" if ioctl($t, 0x5412, "x") || $! != 1'`,
  },
  { name: 'has a terminal', script: `: < /dev/tty && ${escaped}` },

  // The network and sockets.
  {
    name: 'connects to this machine',
    script: `: <> /dev/tcp/127.0.0.1/$PORT && ${escaped}`,
    bare: 'anybody',
  },
  { name: 'connects to the outside', script: `: <> /dev/tcp/192.0.2.1/80 && ${escaped}` },
  { name: 'sends a datagram to the outside', script: `echo x > /dev/udp/192.0.2.1/53 && ${escaped}` },
  {
    name: 'connects to a socket by path',
    script: connect('pack_sockaddr_un($ENV{SOCKET})'),
    bare: 'anybody',
  },
  {
    name: 'connects to a socket without a path',
    script: connect('pack("S", AF_UNIX) . "\\0" . $ENV{ABSTRACT}'),
    bare: 'anybody',
  },
  {
    name: 'finds sockets of services',
    script: `ls -A /run /var/run/ | grep . | grep -v : && ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'has a way to the desktop or an agent',
    script: `env | grep -E 'SSH_AUTH_SOCK|DBUS_|DISPLAY|WAYLAND|XAUTH|VSCODE_|ELECTRON' && ${escaped}; true`,
  },
  {
    name: 'talks to the hypervisor',
    script: refusedCall('41, 40, 1, 0', EAFNOSUPPORT),
    x64: true,
  },
  {
    name: 'uses the kernel’s cryptography sockets',
    script: refusedCall('41, 38, 5, 0', EAFNOSUPPORT),
    x64: true,
  },
  { name: 'reads raw packets', script: refusedCall('41, 17, 3, 768', EAFNOSUPPORT), x64: true },

  // The kernel.
  { name: 'mounts', script: `mount -t tmpfs none src && ${escaped}`, bare: 'root' },
  {
    name: 'makes a protected place writable again',
    script: `mount -o remount,rw,bind .git/hooks && ${escaped}`,
  },
  { name: 'unmounts what protects', script: `umount -l .git/hooks && ${escaped}` },
  { name: 'makes a user namespace', script: `unshare -Ur true && ${escaped}`, bare: 'anybody' },
  {
    name: 'makes a user namespace by clone',
    script: refusedCall('56, 0x10000011, 0, 0, 0, 0', EPERM),
    bare: 'anybody',
    x64: true,
  },
  {
    name: 'makes a namespace by clone3',
    script: refusedCall('435, 0, 0', ENOSYS),
    bare: 'anybody',
    x64: true,
  },
  { name: 'changes its root', script: `/usr/sbin/chroot / /usr/bin/true && ${escaped}`, bare: 'root' },
  { name: 'enters a namespace', script: `nsenter -t $$ -m true && ${escaped}`, bare: 'root' },
  {
    name: 'gains rights from a setuid program',
    script: `src/suid -e 'print "ESCAPED\\n" if $> == 0 && $< != 0'; grep -q 'NoNewPrivs:.*1' /proc/self/status || ${escaped}`,
    bare: 'anybody',
  },
  {
    name: 'keeps any capability',
    script: `grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb):.*[1-9a-f]' /proc/self/status && ${escaped}`,
    bare: 'root',
  },
  { name: 'has what crashes run', script: `: >> /proc/sys/kernel/core_pattern && ${escaped}` },
  {
    name: 'asks the kernel for a favour',
    script: `[ -e /proc/sysrq-trigger ] && : >> /proc/sysrq-trigger && ${escaped}`,
  },
  { name: 'changes a setting of the kernel', script: `: >> /proc/sys/kernel/printk && ${escaped}` },
  {
    name: 'names a release agent',
    script: `ls /sys/fs/cgroup && ${escaped} || { mkdir src/c; mount -t cgroup -o memory none src/c && ${escaped}; }`,
    bare: 'anybody',
  },
  { name: 'reads a keyring', script: refusedCall('250, 0, -3, 0', EPERM), bare: 'anybody', x64: true },
  {
    name: 'adds to a keyring',
    script: refusedCall('248, $kind, $name, $kind, 1, -2', EPERM),
    x64: true,
  },
  { name: 'uses io_uring', script: refusedCall('425, 1, 0', EPERM), x64: true },
  { name: 'loads a program into the kernel', script: refusedCall('321, 0, 0, 0', EPERM), x64: true },
  {
    name: 'calls the kernel by its other interface',
    script: refusedCall('0x40000000 + 39', ENOSYS),
    x64: true,
  },
];
