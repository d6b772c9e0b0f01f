import { describe, expect, it } from 'vitest';
import type { Measured } from '../../e2e/support/parity';
import { parityOf, parityPage } from './parity-page.mjs';

const one = (changes: Partial<Measured>): Measured => ({
  kind: 'case',
  name: 'unet-sd15',
  device: 'lavapipe',
  activations: 'float16',
  subgroups: false,
  error: 0.00264,
  limit: 5e-3,
  ...changes,
});

const note = (measured: Measured) => ({ annotations: [{ type: 'parity', description: JSON.stringify(measured) }] });

describe('parityOf', () => {
  it('finds what specs left, however deep their suites are, and nothing else', () => {
    const [first, second] = [one({ name: 'a' }), one({ name: 'b' })];
    const other = { annotations: [{ type: 'skip', description: 'no' }] };
    const specs = [{ tests: [note(first)] }, { tests: [other] }];
    expect(parityOf({ suites: [{ specs, suites: [{ specs: [{ tests: [note(second)] }] }] }] })).toEqual([
      first,
      second,
    ]);
  });
});

describe('parityPage', () => {
  it('puts each error below its device, precision and subgroups', () => {
    const page = parityPage([
      one({ device: 'wasm', activations: 'float32', error: 4e-7, limit: 1e-4 }),
      one({ activations: 'float32', error: 5e-7, limit: 1e-4 }),
      one({ activations: 'float32', subgroups: true, error: 6e-7, limit: 1e-4 }),
      one({ subgroups: true, error: 0.00352 }),
      one({ kind: 'pack', name: 'q8, unet', error: 0.0151, limit: 0.02 }),
    ]);
    expect(page).toContain('| unet-sd15 | 4e-7 | 5e-7 | 6e-7 |  | 3.5e-3 | 1e-4, 5e-3 |');
    expect(page).toContain('| q8, unet | 1.5e-2 |  | 2e-2 |');
  });
});
