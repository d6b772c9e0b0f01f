import { describe, expect, it } from 'vitest';
import type { AbilityReport, DeviceExamination } from '../../../engine/api';
import { examinationText, leftOutText, testedText } from './examination-text';

const right: AbilityReport = { isUsed: true, found: 'right' };

const examination = (abilities: Partial<DeviceExamination['abilities']> = {}): DeviceExamination => ({
  abilities: { fullPrecision: right, halfPrecision: right, fastAttention: right, packedMatrices: right, ...abilities },
  seconds: 1.44,
  at: Date.UTC(2026, 10, 25, 12),
});

const fastAttention: AbilityReport = { isUsed: false, found: 'wrong', error: 0.037, operator: 'attention in a text' };

describe('examinationText', () => {
  it('does not call off what is tested later', () => {
    const untested = { isUsed: false, found: 'untested' } as const;
    const found = { ...examination({ halfPrecision: untested }), isUnfinished: true };
    expect(examinationText(found)).toMatch(/Half precision: tested when a model needs it, or in a moment/);
    expect(leftOutText(found)).toBe('');
  });

  it('says of a sound GPU that it is exact', () => {
    expect(examinationText(examination())).toBe(
      'Full precision: exact. Half precision: exact. Fast attention: exact. Weights in 8 or 4 bits: exact.',
    );
    expect(leftOutText(examination())).toBe('');
  });

  it('says what is off, by how much, and what is done instead', () => {
    expect(leftOutText(examination({ fastAttention }))).toBe(
      'Fast attention: off, wrong by 4 % on this GPU (attention in a text).',
    );
    const halfPrecision: AbilityReport = {
      isUsed: false,
      found: 'failed',
      operator: 'matrices',
      failure: 'Invalid ShaderModule.\nmore',
    };
    expect(leftOutText(examination({ halfPrecision }))).toBe(
      'Half precision: off, it failed on this GPU (matrices): Invalid ShaderModule. Models are computed in full precision.',
    );
    const packedMatrices: AbilityReport = { isUsed: false, found: 'wrong', error: 1e9, operator: '4-bit matrices' };
    expect(leftOutText(examination({ packedMatrices }))).toMatch(
      /^Weights in 8 or 4 bits: off, wrong by far on this GPU \(4-bit matrices\)\. Models .* more memory\.$/,
    );
  });

  it('makes no fault of what a GPU does not have', () => {
    const halfPrecision: AbilityReport = { isUsed: false, found: 'absent' };
    const untested: AbilityReport = { isUsed: false, found: 'untested' };
    const found = examination({ halfPrecision, fastAttention: untested });
    expect(examinationText(found)).toMatch(/Half precision: this GPU has none\. Fast attention: off, not tested\./);
    expect(leftOutText(found)).toBe('');
  });

  it('rounds to what a person reads', () => {
    const text = (error: number) => leftOutText(examination({ fastAttention: { ...fastAttention, error } }));
    expect(text(0.0123)).toMatch(/ 1 %/);
    expect(text(0.0023)).toMatch(/ 0\.2 %/);
    expect(text(0.84)).toMatch(/ 84 %/);
  });
});

describe('testedText', () => {
  it('says when and how long', () => {
    expect(testedText(examination())).toMatch(/^Tested on .*2026.* in 1\.4 s\.$/);
  });
});
