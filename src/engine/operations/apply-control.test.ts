import { expect, it } from 'vitest';
import { NO_CONTROLS } from '../testing/no-controls';
import { applyControl } from './apply-control';
import type { OperationContext } from './implementation';

const identity = (module: string, towers: string): Promise<string> | undefined => {
  const controls = {
    ...NO_CONTROLS,
    revisionOf: () => Promise.resolve('r'),
    towersRevision: () => Promise.resolve(towers),
  };
  const settings = { control: 'one', module } as Parameters<NonNullable<typeof applyControl.identify>>[0];
  return applyControl.identify?.(settings, { controls } as unknown as OperationContext);
};

it('tells a unit that reads its picture apart by the files of its towers, and no other', async () => {
  expect(await identity('ip-adapter-auto', 'a')).not.toBe(await identity('ip-adapter-auto', 'b'));
  expect(await identity('canny', 'a')).toBe(await identity('canny', 'b'));
  expect(await identity('canny', 'a')).toBe('r');
});
