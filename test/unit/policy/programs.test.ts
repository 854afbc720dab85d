import { describe, expect, it } from 'vitest';
import { checkPrograms, problemsOf } from '../../../src/policy/command/checkPrograms.ts';
import { programFamilies, specOf } from '../../../src/policy/command/programFamilies.ts';

describe.each(programFamilies.map((family) => [family.name, family] as const))('%s', (_, { programs }) => {
  it.each(programs.map((spec) => [spec.names, spec] as const))(
    '%s come out as their examples say',
    (_names, spec) => {
      expect(problemsOf(spec)).toEqual([]);
      expect(Object.values(spec.examples).flat().length).toBeGreaterThan(0);
    },
  );
});

describe('families of programs', () => {
  it('name every program once', () => {
    const names = programFamilies.flatMap(({ programs }) =>
      programs.flatMap((spec) => spec.names.split(' ')),
    );
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    for (const name of names) expect(specOf(name)?.names.split(' ')).toContain(name);
  });

  it('are whole', () => {
    expect(checkPrograms(programFamilies)).toEqual(new Map());
  });

  it('are broken as a whole when one example fails', () => {
    const cat = specOf('cat');
    if (cat === undefined) throw new Error('cat is gone');
    const lying = { ...cat, names: 'lying', examples: { allowed: [['lying a', 'write a']] } } as const;
    const broken = checkPrograms([{ name: 'liars', programs: [cat, lying] }]);
    expect([...broken.keys()]).toEqual(['cat', 'lying']);
    expect(broken.get('cat')).toContain('lying a comes to [read a] instead of [write a]');
  });
});
