/** Ten things to do with the model that comes with the app: each one click, nothing to download. */
import type { ControlDraft } from '../../../core/recipe/control/unit';
import type { FieldValues } from '../../../core/recipe/request';
import { BUILT_IN_CONTROL, BUILT_IN_CONTROL_LIKES } from '../../../core/catalog/built-in-control';
import type { Margins } from '../../../core/image/geometry';
import { BLACK, drawn, WHITE, type Shape } from './draw';
import type { Raster } from '../../../core/image/raster';

/** A picture to start from: drawn here, or one that the model has painted. */
export type Start = { drawn: () => Raster<4> } | { painted: 'cat' | 'house' };

export interface Template {
  id: string;
  title: string;
  /** What happens, in a sentence. */
  about: string;
  /** All others are the model's own, and the defaults. */
  fields: Partial<FieldValues> & { prompt: string };
  start?: Start;
  /** The mask: white is repainted. */
  mask?: () => Raster<4>;
  /** The start picture gets more room. */
  extend?: Margins;
  /** Strokes that a unit follows, white on black. */
  strokes?: { draw: () => Raster<4>; unit: ControlDraft };
  /** Axes of a grid, as typed. */
  grid?: readonly { id: string; text: string }[];
}

const SIZE = { width: 128, height: 128 };

const DOODLE: readonly Shape[] = [
  { kind: 'box', from: [0, 92], to: [128, 128], colour: [90, 180, 80] },
  { kind: 'box', from: [34, 58], to: [92, 106], colour: [230, 190, 120] },
  {
    kind: 'corners',
    of: [
      [26, 60],
      [63, 24],
      [100, 60],
    ],
    colour: [190, 50, 40],
  },
  { kind: 'box', from: [56, 78], to: [72, 106], colour: [110, 70, 40] },
];

const PEN = { kind: 'line', width: 4, colour: WHITE } as const;
/** An ellipse as a pen draws it. */
const round = (x: number, y: number, rx: number, ry: number): Shape => ({
  ...PEN,
  through: Array.from({ length: 37 }, (_, i) => [
    x + rx * Math.cos((i * Math.PI) / 18),
    y + ry * Math.sin((i * Math.PI) / 18),
  ]),
});

const FISH: readonly Shape[] = [
  round(52, 64, 38, 24),
  {
    ...PEN,
    through: [
      [86, 64],
      [116, 42],
      [116, 86],
      [86, 64],
    ],
  },
];

const sketch = (shapes: readonly Shape[]) => (): Raster<4> => drawn(SIZE, BLACK, shapes);

export const TEMPLATES: readonly Template[] = [
  {
    id: 'words',
    title: 'Words become a picture',
    about: 'Write what you want to see. Every seed paints it differently.',
    fields: { prompt: 'a red car' },
  },
  {
    id: 'two',
    title: 'Two things at once',
    about: 'Name two and they stand side by side.',
    fields: { prompt: 'a cat and a dog', seed: 11 },
  },
  {
    id: 'doodle',
    title: 'A doodle becomes a castle',
    about: 'It starts from a drawing: Denoising strength says how much of that may change.',
    fields: { prompt: 'a castle', seed: 2, denoisingStrength: 0.8 },
    start: { drawn: () => drawn(SIZE, [150, 205, 250], DOODLE) },
  },
  {
    id: 'inpaint',
    title: 'Paint a hat into it',
    about: 'Only what is under the mask is painted anew. Open the mask to change it.',
    fields: { prompt: 'a hat above a cat', seed: 2, denoisingStrength: 1 },
    start: { painted: 'cat' },
    mask: () => drawn(SIZE, BLACK, [{ kind: 'box', from: [24, 8], to: [104, 78], colour: WHITE }]),
  },
  {
    id: 'outpaint',
    title: 'More room at the side',
    about: 'The picture gets larger, and what is new is painted.',
    fields: { prompt: 'a tree', seed: 4 },
    start: { painted: 'house' },
    extend: { left: 0, top: 0, right: 96, bottom: 0 },
  },
  {
    id: 'enlarge',
    title: 'Four times as large',
    about: 'A network makes the finished picture 512 pixels wide. Size has a switch for it.',
    fields: { prompt: 'a castle', seed: 5, enlarger: 'realesr-animevideov3-x4' },
  },
  {
    id: 'lora',
    title: 'In ink, by a LoRA',
    about: 'A LoRA changes how a model paints. Its strength stands in the prompt.',
    fields: { prompt: 'a rocket <lora:starter-ink:0.8>', seed: 7 },
  },
  {
    id: 'scribble',
    title: 'Keep the shape I draw',
    about: 'A ControlNet holds on to strokes: press Draw to change them.',
    fields: { prompt: 'a blue fish', seed: 7 },
    strokes: { draw: sketch(FISH), unit: { model: BUILT_IN_CONTROL.id, module: 'none', ...BUILT_IN_CONTROL_LIKES } },
  },
  {
    id: 'sheet',
    title: 'Compare in a sheet',
    about: 'Two settings are varied, all pictures come on one sheet.',
    fields: { prompt: 'a red mushroom', seed: 1 },
    grid: [
      { id: 'promptSr', text: 'red, blue, green' },
      { id: 'seed', text: '1, 2' },
    ],
  },
  {
    id: 'variations',
    title: 'Almost the same',
    about: 'Variation seeds bend the noise a little: four relatives of one picture.',
    fields: { prompt: 'a butterfly', seed: 6, variationStrength: 0.35 },
    grid: [{ id: 'variationSeed', text: '1, 2, 3, 4' }],
  },
];
