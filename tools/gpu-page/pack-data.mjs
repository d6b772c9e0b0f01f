/** `node pack-data.mjs FOLDER`: the golden picture as pixels, and the rehearsal's tiny model and LoRA. */
import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { loadTypeScript } from '../lib/load-typescript.mjs';
import { ROOT } from '../lib/paths.mjs';

const folder = process.argv[2];
const from = join(ROOT, 'tools', 'starter', 'fixtures');
const golden = JSON.parse(readFileSync(join(from, 'golden-q8-red-apple-euler.json'), 'utf8'));
writeFileSync(join(folder, 'golden.json'), JSON.stringify(golden));
writeFileSync(join(folder, 'golden.rgba'), PNG.sync.read(readFileSync(join(from, golden.png))).data);
const tiny = join(folder, 'tiny');
mkdirSync(tiny, { recursive: true });
const { writeTinyModel } = /** @type {typeof import('../../e2e/support/tiny-model')} */ (
  await loadTypeScript('e2e/support/tiny-model.ts')
);
const { tinyLora } = /** @type {typeof import('../../e2e/support/tiny-adapters')} */ (
  await loadTypeScript('e2e/support/tiny-adapters.ts')
);
writeTinyModel('sd15', join(tiny, 'tiny-sd15'));
writeFileSync(join(tiny, 'tiny-lora.safetensors'), tinyLora(1));
writeFileSync(join(tiny, 'tiny.done'), 'done');
