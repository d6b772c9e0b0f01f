/** No shipped file names a family outside of core/families, nor a network or component outside of core/networks. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../src/core/families';
import { FAMILY_CONFIGS } from '../src/core/families/configs';
import { COMPONENTS, NETWORKS } from '../src/core/networks';
import { PUBLISHED } from '../src/core/networks/published';
import { ROOT } from './lib/paths.mjs';

const TEST = /\.test\.ts$|\/(testing|fixtures)\//;

/** A source without comments: those may say what a thing is for. */
const code = (path: string): string =>
  readFileSync(join(ROOT, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*/g, '');

const shipped = ['src', 'workers'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => /\.(ts|svelte)$/.test(path) && !TEST.test(path)),
);

/** Words that mean other things too: in quotes they are ids; the starter is a model of the app's besides. */
const WORDS = ['starter', 'unet', 'vae'];

/** Anywhere; of those words in quotes, as a key or as a field. */
function naming(ids: readonly string[]): RegExp {
  const unique = ids.filter((id) => !WORDS.includes(id)).join('|');
  const quoted = ids.filter((id) => WORDS.includes(id)).join('|');
  const keys = ids.filter((id) => WORDS.includes(id) && id !== 'starter').join('|');
  return new RegExp(`\\b(${unique})\\b|['"\`](${quoted})['"\`]${keys && `|\\b(${keys})\\??\\s*:|\\.(${keys})\\b`}`);
}

interface Rule {
  what: string;
  home: RegExp;
  names: RegExp;
  /** Exceptions by the beginning of the path, each with its reason. */
  exceptions: Readonly<Record<string, string>>;
}

const RULES: readonly Rule[] = [
  {
    what: 'a family',
    home: /^src\/core\/families\//,
    names: new RegExp(
      `${naming([...Object.keys(FAMILIES), ...Object.keys(FAMILY_CONFIGS)]).source}|\\b(is|has)(Xl|Sd\\d)|\\bSD(15|21|XL)_`,
    ),
    exceptions: {
      'src/core/few-steps/table.ts': 'words of the names that people give files',
      'src/core/recipe/control/sdnext-models.ts': 'names of repositories of published adapters',
      'src/core/comfyui/workflows/nodes/loaders.ts': 'an option of ComfyUI’s DualCLIPLoader',
    },
  },
  {
    what: 'a network or a component',
    home: /^src\/core\/(networks|families)\//,
    names: naming([...Object.keys(NETWORKS), ...Object.keys(COMPONENTS), ...Object.keys(PUBLISHED)]),
    exceptions: {
      'src/core/checkpoints/add-ons.ts':
        'how trainers call a LoRA’s half for the second text encoder: goes to adapters',
      'src/core/comfyui/': 'ComfyUI’s sockets and inputs are called so: vae, unet',
      'src/core/hints/not-here.ts': 'a preprocessor of sd-webui-controlnet is called so: clip_vision',
      'src/core/prompt/networks.ts': 'A1111’s word within a tag: <lora:name:unet=1>',
      'src/core/prompt/network-tags.ts': 'the same',
      'src/app/state/line/deliver.ts': 'the recipe’s field for A1111’s key VAE',
      'src/app/state/arriving/incoming-parts.ts': 'the same',
      'src/app/state/graph/library-names.ts': 'ComfyUI’s folder of models is called so: vae',
      'src/app/state/graph/matching.ts': 'the same',
      'src/core/recipe/': 'fields of the recipe for A1111’s key VAE, and for the two weights of a LoRA',
      'src/core/recipes/programs/': 'other programs’ words for the same',
    },
  },
];

describe.each(RULES)('$what', ({ home, names, exceptions }) => {
  const found = shipped.filter((path) => !home.test(path) && names.test(code(path)));
  const reasonOf = (path: string): string | undefined =>
    Object.keys(exceptions).find((start) => path.startsWith(start));

  it('is named at home alone', () => {
    expect(found.filter((path) => reasonOf(path) === undefined)).toEqual([]);
  });

  it('has no exception that is not needed', () => {
    expect(Object.keys(exceptions).filter((start) => !found.some((path) => path.startsWith(start)))).toEqual([]);
  });

  it('is found where it is named', () => {
    expect(shipped.filter((path) => home.test(path) && names.test(code(path))).length).toBeGreaterThan(3);
  });
});
