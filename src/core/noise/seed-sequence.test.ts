import { describe, expect, it } from 'vitest';
import fixture from './fixtures/seed-sequence.json';
import { seedSequence } from './seed-sequence';

describe('seedSequence', () => {
  it.each(fixture.cases)(
    'is that of NumPy for $entropy, $spawnKey, pool $poolSize',
    ({ entropy, spawnKey, poolSize, state }) => {
      expect([...seedSequence({ entropy: BigInt(entropy), spawnKey, poolSize }, state.length)]).toEqual(state);
    },
  );
});
