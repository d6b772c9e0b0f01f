import { expect, it } from 'vitest';
import { ownsKeys } from './owns-keys';

it('leaves the focus where somebody types or chooses, and takes it from all else', () => {
  const editable = document.createElement('div');
  Object.defineProperty(editable, 'isContentEditable', { value: true }); // jsdom has none
  const owns = (tag: string) => Boolean(ownsKeys(document.createElement(tag)));
  expect([...['input', 'textarea', 'select'].map(owns), ownsKeys(editable)]).toEqual([true, true, true, true]);
  expect([...['button', 'div', 'body'].map(owns), ownsKeys(null)]).toEqual([false, false, false, false]);
});
