import { describe, expect, it } from 'vitest';
import { fieldOf } from './request';
import { advancedFacts } from './say-value';
import type { ValueKind } from './value-kinds';

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

  it('says which Faster it was, and writes it so that an earlier text keeps its own', () => {
    expect(advancedFacts({ speed: 'faster' })).toEqual(['Speed Faster, first version']);
    expect(advancedFacts({ speed: 'faster2' })).toEqual(['Speed Faster']);
    const { kind } = fieldOf('speed').infotext as { kind: ValueKind<string> };
    expect(['faster', 'faster2'].map((id) => kind.write(id))).toEqual(['Faster', 'Faster 2']);
    expect(['Faster', 'Faster 2', 'Fast', 'Fastest'].map((text) => kind.read(text))).toEqual([
      'faster',
      'faster2',
      'fast',
      undefined,
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
