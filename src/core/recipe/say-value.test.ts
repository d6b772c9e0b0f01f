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

  it('says what was done, where the control asks for it', () => {
    const request = { enlarger: 'realesr_animevideo_x4', skipEarlyCfg: 0.2, invertMask: true } as const;
    const facts = advancedFacts(request);
    expect(facts).toContain('Early CFG skipped 0.2');
    expect(facts).toContain('Inpainted where not masked');
    expect(facts.filter((fact) => /^(Enlarge|Skip|Discard|Inpaint) /.test(fact))).toEqual([]);
    expect(facts.some((fact) => fact.startsWith('Enlarged with '))).toBe(true);
  });
});
