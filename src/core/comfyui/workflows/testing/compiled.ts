/** Graphs of tests, compiled: changes of a text-to-picture graph, and what became of them. */
import { expect } from 'vitest';
import { validatePrompt } from '../check';
import { compilePrompt, type CompiledPrompt, type Inventory } from '../run';
import { promptFrom, TEXT_TO_PICTURE } from './prompts';

export type Nodes = Parameters<typeof promptFrom>[0];

export const SIZED: Inventory = { find: (_, name) => name, sizeOf: () => ({ width: 640, height: 400 }) };

export function compile(changes: Nodes, inventory: Inventory = SIZED): CompiledPrompt {
  const prompt = promptFrom({ ...TEXT_TO_PICTURE, ...changes });
  return compilePrompt(prompt, validatePrompt(prompt).outputs, inventory);
}

/** Its operations; nothing stops it. */
export function sound(changes: Nodes): NonNullable<CompiledPrompt['workflow']>['nodes'] {
  const { workflow, problems } = compile(changes);
  expect(problems).toEqual([]);
  return workflow?.nodes ?? [];
}

export const settingsOf = (changes: Nodes, operation: string) =>
  sound(changes)
    .filter((node) => node.operation === operation)
    .map(({ settings }) => settings);
