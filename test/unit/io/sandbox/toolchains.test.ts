import { describe, expect, it } from 'vitest';
import { toolchains } from '../../../../src/io/sandbox/toolchains.ts';

const HOME = '/home/me';

describe('what is shown of a toolchain', () => {
  it.each<[entry: string, shown: readonly string[]]>([
    ['/home/me/.nvm/versions/node/v24.1.0/bin', ['/home/me/.nvm']],
    ['/home/me/.pyenv/shims', ['/home/me/.pyenv']],
    ['/home/me/go/bin', ['/home/me/go']],
    ['/home/me/bin', ['/home/me/bin']],
    ['/home/me/.fly/bin', ['/home/me/.fly/bin']],
    ['/home/me/.gem/ruby/3.3.0/bin', ['/home/me/.gem/ruby/3.3.0']],
    ['/home/linuxbrew/.linuxbrew/bin', ['/home/linuxbrew/.linuxbrew']],
    ['/mnt/tools/bin', ['/mnt/tools']],
    ['/home/bin', ['/home/bin']],
    ['/usr/local/bin', []],
    ['/usr/local/sbin/', []],
  ])('%s', (entry, shown) => {
    expect(toolchains([entry], HOME, ['/usr', '/bin'])).toEqual(shown);
  });

  it.each(['/home/me/.cargo/bin', '/home/me/.local/bin', '/home/me/bin', '/home/me', '/home', '/bin'])(
    'is never the home, nor a folder in which keys lie: %s',
    (entry) => {
      for (const folder of toolchains([entry], HOME, []))
        expect([
          '/',
          '/home',
          '/home/me',
          '/home/me/.cargo',
          '/home/me/.local',
          '/home/me/.local/share',
        ]).not.toContain(folder);
    },
  );
});
