/** `node tools/starter/read_prompts.mjs FILE`: what the starter's reader makes of each line, as one JSON array. */
import { readFileSync } from 'node:fs';
import { loadTypeScript } from '../lib/load-typescript.mjs';

const { openStarterReader } = /** @type {typeof import('../inspect/starter')} */ (
  await loadTypeScript('tools/inspect/starter.ts')
);
const reader = await openStarterReader();
const prompts = readFileSync(process.argv[2], 'utf8').trim().split('\n');
const answers = [];
for (const prompt of prompts) {
  const { draws, leftOut, isUnknown, nearest } = await reader.read(prompt);
  answers.push({ prompt, draws, leftOut, nearest, unknown: isUnknown });
}
console.log(JSON.stringify(answers));
