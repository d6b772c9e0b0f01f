import { expect, it } from 'vitest';
import { withNames } from './open-choices';

const CHOICES = { automatic: { label: 'Automatic' }, none: { label: 'None' } };

it('adds names behind the table’s choices, which a file of such a name does not overwrite', () => {
  const found = withNames(CHOICES, ['sharp', 'automatic'], 'gone');
  expect(Object.entries(found).map(([name, { label }]) => [name, label])).toEqual([
    ['automatic', 'Automatic'],
    ['none', 'None'],
    ['sharp', 'sharp'],
    ['gone', 'gone (not here)'],
  ]);
});
