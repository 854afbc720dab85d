import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merkleTree } from '../../../src/audit/merkleTree.ts';
import { digestOf } from '../../../src/protocol/digest.ts';

const leafOf = (hex: string) => digestOf(Buffer.concat([Buffer.of(0), Buffer.from(hex, 'hex')]));
const hexOf = (root: string) => Buffer.from(root, 'base64url').toString('hex');

describe('merkleTree', () => {
  /** The reference inputs of Certificate Transparency, with the root after each. */
  it('has the roots of the reference trees', () => {
    const tree = merkleTree();
    const steps = [
      ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
      ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
      ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
      ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
      ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
      ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
      ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
      [
        '606162636465666768696a6b6c6d6e6f',
        '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
      ],
    ] as const;
    for (const [input, root] of steps) {
      tree.add(leafOf(input));
      expect(hexOf(tree.root())).toBe(root);
    }
    expect(tree.size()).toBe(8);
  });

  it('is, at any size, the tree that RFC 6962 defines by halves', () => {
    function byHalves(leaves: readonly string[]): string {
      if (leaves.length === 1) return leaves[0]!;
      let half = 1;
      while (half * 2 < leaves.length) half *= 2;
      const parts = [byHalves(leaves.slice(0, half)), byHalves(leaves.slice(half))];
      return digestOf(Buffer.concat([Buffer.of(1), ...parts.map((part) => Buffer.from(part, 'base64url'))]));
    }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (size) => {
        const leaves = Array.from({ length: size }, (_, at) => digestOf(String(at)));
        const tree = merkleTree();
        leaves.forEach((leaf) => tree.add(leaf));
        expect(tree.root()).toBe(byHalves(leaves));
      }),
      { numRuns: 60 },
    );
  });

  it('has no root while it is empty', () => {
    expect(() => merkleTree().root()).toThrow('without leaves');
  });
});
