import { describe, expect, it } from 'vitest';
import { advancedFacts } from './say-value';

describe('advancedFacts', () => {
  it('says what a request asks for beyond the ordinary, in the words of the controls', () => {
    expect(advancedFacts({})).toEqual([]);
    const request = { zeroTerminalSnr: true, ngmsAllSteps: false, eta: 0, emphasis: 'no_norm' } as const;
    expect(advancedFacts(request)).toEqual([
      'Emphasis mode No norm',
      'Eta 0',
      'Zero terminal SNR',
      'Negative guidance: all steps off',
    ]);
  });
});
