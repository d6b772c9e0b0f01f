/** What is lent to a session is given back whole, whatever of it fails. */
import { describe, expect, it } from 'vitest';
import { tensor } from '../../core/graph';
import { BranchWeights } from '../../core/weights';
import type { RawSession } from '../ports';
import { givenFactors } from './graph-source';
import { LentFactors } from './lent-factors';

/** One matrix whose first factor fills a piece by itself. */
function largeBranch(): BranchWeights {
  const [out, inner, rank] = [4, 2_200_000, 4];
  const found = { rank, down: new Float32Array(rank * inner), up: new Float32Array(out * rank) };
  const branches = new BranchWeights([{ factor: 'adapter_0', factors: new Map([['w', found]]) }], true);
  for (const { down, up } of branches.branches(tensor('w', out, inner))) [down, up].map(branches.lentAs);
  return branches;
}

describe('LentFactors', () => {
  it('gives back every tensor and every session, though one fails, and tells of it', async () => {
    const ended: string[] = [];
    let sessions = 0;
    const end = (name: string) => (): void => {
      ended.push(name);
      if (/0$/.test(name)) throw new Error(`${name} is stuck`);
    };
    const createSession = async (): Promise<RawSession> => {
      const own = sessions++;
      const keep = async () => ({ [`lent_${own}`]: { dispose: end(`tensor ${own}`) } });
      return { keep, dispose: async () => end(`session ${own}`)() } as unknown as RawSession;
    };
    const form = { target: 'webgpu', activations: 'float32' } as const;
    const lent = await LentFactors.create(largeBranch(), form, { createSession });
    await expect(lent.dispose()).rejects.toThrow('tensor 0 is stuck');
    expect(ended).toEqual(['tensor 0', 'tensor 1', 'session 0', 'session 1']);
  });
});

describe('givenFactors', () => {
  it('ends the session though what is lent to it cannot be given back', async () => {
    let isEnded = false;
    const dispose = async (): Promise<void> => void (isEnded = true);
    const lent = { kept: {}, dispose: () => Promise.reject(new Error('stuck')) };
    await expect(givenFactors({ run: async () => ({}), dispose }, lent).dispose()).rejects.toThrow('stuck');
    expect(isEnded).toBe(true);
  });
});
