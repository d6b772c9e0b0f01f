/** `starter`: what the built-in model draws of a prompt. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createLanguages,
  createPlainReader,
  readNamesFile,
  readReaderFacts,
  type PlainReader,
} from '../../src/core/plain-words';
import { STARTER_PACK } from '../lib/paths.mjs';
import type { Question } from './question';

const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(STARTER_PACK, name), 'utf8'));

let reader: Promise<PlainReader> | undefined;

export const STARTER: Question = {
  summary: 'what the built-in model draws of a prompt: {"reads":"three small cats","draws":"three cats",...}',
  examples: ['starter "drei kleine Katzen"', 'starter "a photo of a cat wearing a hat"'],
  options: {},
  async ask(args) {
    reader ??= openStarterReader();
    const { reads, draws, leftOut, isUnknown, nearest } = await (await reader).read(args.text());
    return { reads, draws, leftOut, ...(isUnknown && { unknown: true, nearest }) };
  },
};

export async function openStarterReader(): Promise<PlainReader> {
  const facts = readReaderFacts(await read('gesso.json'), 'gesso.json');
  if (!facts) throw new Error('public/models/starter/gesso.json has no "reader": run tools/starter/reader_facts.py.');
  const languages = createLanguages(readNamesFile(await read('names.json'), 'names.json'));
  return createPlainReader(facts, () => Promise.resolve(languages));
}
