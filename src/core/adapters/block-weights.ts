/**
 * How much of an adapter each block of a U-Net gets: `lbw=` of a tag. The first number is of the text encoders.
 * @see hako-mikan/sd-webui-lora-block-weight 04b986c2 (BLOCKID12 to 26, to26, ratiodealer, the presets)
 */
import { roleOf, type ComponentId } from '../networks';
import { toLdmUnetLayer } from '../networks/names/to-ldm-unet';

const TEXT = 'text';

const from = (side: string, start: number, end: number): string[] =>
  Array.from({ length: end - start }, (_, i) => `${side}_blocks.${start + i}`);

const inputs = (...numbers: number[]): string[] => numbers.map((n) => `input_blocks.${n}`);

const MIDDLE = 'middle_block';

/** Which blocks a list is for, by how many numbers it has: of SD 1 and 2 those with attention, or all; of SDXL the same. */
const LISTS: readonly (readonly string[])[] = [
  [TEXT, ...inputs(1, 2, 4, 5, 7, 8), MIDDLE, ...from('output', 3, 12)],
  [TEXT, ...from('input', 0, 12), MIDDLE, ...from('output', 0, 12)],
  [TEXT, ...inputs(4, 5, 7, 8), MIDDLE, ...from('output', 0, 6)],
  [TEXT, ...from('input', 0, 9), MIDDLE, ...from('output', 0, 9)],
];

/** Lists of 17 numbers, by the names of presets. */
const PRESETS: Readonly<Record<string, string>> = {
  NONE: '0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0',
  ALL: '1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1',
  INS: '1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0',
  IND: '1,0,0,0,1,1,1,0,0,0,0,0,0,0,0,0,0',
  INALL: '1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0,0',
  MIDD: '1,0,0,0,1,1,1,1,1,1,1,1,0,0,0,0,0',
  OUTD: '1,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0,0',
  OUTS: '1,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1,1',
  OUTALL: '1,0,0,0,0,0,0,0,1,1,1,1,1,1,1,1,1',
  'ALL0.5': '0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5',
};

/** Weight of each block; of a block that its list leaves out nothing is used. */
export type BlockWeights = ReadonlyMap<string, number>;

/** @returns undefined for what is no list of 12, 17, 20 or 26 numbers and no preset's name */
export function parseBlockWeights(text: string): BlockWeights | undefined {
  const written = Object.hasOwn(PRESETS, text) ? PRESETS[text] : text;
  const parts = written.split(',').map((part) => part.trim());
  const blocks = LISTS.find(({ length }) => length === parts.length);
  const numbers = parts.map((part) => (part === '' ? NaN : Number(part)));
  return blocks && numbers.every(Number.isFinite) ? new Map(blocks.map((block, i) => [block, numbers[i]])) : undefined;
}

/** What a layer's strength is multiplied by. Layers in no block (time embedding, last layers) have all of it. */
export function blockFactor(
  weights: BlockWeights,
  { component, path }: { component: ComponentId; path: string },
): number {
  const block = roleOf(component) === 'text' ? TEXT : blockOf(path);
  return block === undefined ? 1 : (weights.get(block) ?? 0);
}

function blockOf(path: string): string | undefined {
  const ldm = toLdmUnetLayer(path, () => true); // where an upsampler stands within its block says nothing of the block
  return ldm === undefined ? undefined : /^(input_blocks\.\d+|middle_block|output_blocks\.\d+)\./.exec(ldm)?.[1];
}
