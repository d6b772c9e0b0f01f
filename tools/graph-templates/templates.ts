/** Ten graphs that the built-in model paints: what each is, as a prompt, with a note that explains it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import {
  newNode,
  toWorkflow,
  writeDocument,
  writeJson,
  type ComfyDocument,
  type ComfyNode,
  type Json,
} from '../../src/core/comfyui/workflows';
import { BLACK, drawn, WHITE, type Shape } from '../../src/app/state/try/draw';

type Written = Record<string, readonly [type: string, inputs: Record<string, Json>, title?: string]>;

interface Template {
  note: string;
  nodes: Written;
}

const START = { steps: 8, cfg: 4, sampler_name: 'euler', scheduler: 'sgm_uniform', denoise: 1 };
const SIZE = { width: 128, height: 128, batch_size: 1 };
const LOADER: Written = { '1': ['CheckpointLoaderSimple', { ckpt_name: 'gesso-starter.safetensors' }] };
const EMPTY: Written = { '4': ['EmptyLatentImage', SIZE] };
const words = (positive: string, clip: Json = ['1', 1]): Written => ({
  '2': ['CLIPTextEncode', { text: positive, clip }, 'Prompt'],
  '3': ['CLIPTextEncode', { text: '', clip }, 'Negative prompt'],
});
const PARTS = { model: ['1', 0], positive: ['2', 0], negative: ['3', 0], latent_image: ['4', 0] };
const sampler = (seed: number, more: Record<string, Json> = {}): Written => ({
  '5': ['KSampler', { ...PARTS, seed, ...START, ...more }],
});
const save = (from = '5', prefix = 'Gesso'): Written => ({
  '6': ['VAEDecode', { samples: [from, 0], vae: ['1', 2] }],
  '7': ['SaveImage', { images: ['6', 0], filename_prefix: prefix }],
});

const TEMPLATES: Readonly<Record<string, Template>> = {
  'text-to-image': {
    note: '# Text to image\n\nThe words are read by the text encoder (CLIP), the sampler turns noise into a picture of them, the VAE makes pixels of that.\n\nChange the prompt, then run it. `control after generate` says what becomes of the seed.',
    nodes: { ...LOADER, ...words('a red apple'), ...EMPTY, ...sampler(5), ...save() },
  },
  'image-to-image': {
    note: '# Image to image\n\nIt begins with a drawing instead of noise. `denoise` says how much of it may change: 0.4 keeps it, 1 forgets it.\n\nChoose another picture in Load Image.',
    nodes: {
      ...LOADER,
      ...words('a castle'),
      '4': ['LoadImage', { image: 'gesso-doodle.png' }],
      '8': ['VAEEncode', { pixels: ['4', 0], vae: ['1', 2] }],
      ...sampler(2, { latent_image: ['8', 0], denoise: 0.8 }),
      ...save(),
    },
  },
  inpaint: {
    note: '# Inpaint\n\nOnly what is white in the mask is painted anew; the rest of the picture stays.\n\nThe mask is a picture of its own here: its red channel counts.',
    nodes: {
      ...LOADER,
      ...words('a hat above a cat'),
      '4': ['LoadImage', { image: 'gesso-cat.png' }],
      '9': ['LoadImageMask', { image: 'gesso-mask.png', channel: 'red' }],
      '8': ['VAEEncode', { pixels: ['4', 0], vae: ['1', 2] }],
      '10': ['SetLatentNoiseMask', { samples: ['8', 0], mask: ['9', 0] }],
      ...sampler(2, { latent_image: ['10', 0] }),
      ...save(),
    },
  },
  hires: {
    note: '# Hires: a second pass\n\nThe first sampler paints, its latent is enlarged, and the second sampler goes over it with less noise.\n\nThe built-in model paints 128 pixels, and little more: here it is a quarter larger. With another model: 512, then twice that.',
    nodes: {
      ...LOADER,
      ...words('a red apple'),
      ...EMPTY,
      ...sampler(5),
      '8': ['LatentUpscaleBy', { samples: ['5', 0], upscale_method: 'bilinear', scale_by: 1.25 }],
      '9': ['KSampler', { ...PARTS, latent_image: ['8', 0], seed: 5, ...START, denoise: 0.4 }, 'Second pass'],
      ...save('9'),
    },
  },
  lora: {
    note: '# LoRA\n\nA LoRA changes how the model paints. It goes between the checkpoint and everything that uses model or CLIP.\n\nIts strengths: 0 is without, 1 is all of it.',
    nodes: {
      ...LOADER,
      '8': [
        'LoraLoader',
        {
          model: ['1', 0],
          clip: ['1', 1],
          lora_name: 'starter-ink.safetensors',
          strength_model: 0.8,
          strength_clip: 0.8,
        },
      ],
      ...words('a rocket', ['8', 1]),
      ...EMPTY,
      ...sampler(7, { model: ['8', 0] }),
      ...save(),
    },
  },
  controlnet: {
    note: '# ControlNet\n\nThe strokes of a drawing decide the shape, the words what it is. `strength` says how closely it is kept.\n\nWhite lines on black: that is what this ControlNet knows.',
    nodes: {
      ...LOADER,
      ...words('a blue fish'),
      '8': ['ControlNetLoader', { control_net_name: 'starter-scribble.safetensors' }],
      '9': ['LoadImage', { image: 'gesso-strokes.png' }],
      '10': [
        'ControlNetApplyAdvanced',
        {
          ...{ positive: ['2', 0], negative: ['3', 0], control_net: ['8', 0], image: ['9', 0] },
          ...{ strength: 1.2, start_percent: 0, end_percent: 1 },
        },
      ],
      ...EMPTY,
      ...sampler(7, { positive: ['10', 0], negative: ['10', 1] }),
      ...save(),
    },
  },
  areas: {
    note: '# Two prompts by area\n\nEach prompt counts in its own part of the picture: the left half and the right half. Combine puts both into one.\n\nMove an area with x and y, in pixels.',
    nodes: {
      ...LOADER,
      '2': ['CLIPTextEncode', { text: 'a red apple', clip: ['1', 1] }, 'Left'],
      '8': ['CLIPTextEncode', { text: 'a green pear', clip: ['1', 1] }, 'Right'],
      '3': ['CLIPTextEncode', { text: '', clip: ['1', 1] }, 'Negative prompt'],
      '9': ['ConditioningSetArea', { conditioning: ['2', 0], width: 64, height: 128, x: 0, y: 0, strength: 1 }],
      '10': ['ConditioningSetArea', { conditioning: ['8', 0], width: 64, height: 128, x: 64, y: 0, strength: 1 }],
      '11': ['ConditioningCombine', { conditioning_1: ['9', 0], conditioning_2: ['10', 0] }],
      ...EMPTY,
      ...sampler(5, { positive: ['11', 0] }),
      ...save(),
    },
  },
  compare: {
    note: '# X/Y: samplers and CFG\n\nFour samplers share one model, one prompt and one seed; only the sampler and the CFG differ. Everything before them is computed once.\n\nCopy a sampler with its two nodes to try a fifth.',
    nodes: { ...LOADER, ...words('a red mushroom'), ...EMPTY, ...grid() },
  },
  upscale: {
    note: '# Upscale\n\nA network makes a picture four times as large and draws the details anew. No prompt is needed.\n\nThis one comes with the app: it is made for drawings.',
    nodes: {
      '1': ['LoadImage', { image: 'gesso-house.png' }],
      '2': ['UpscaleModelLoader', { model_name: 'realesr-animevideov3-x4.pth' }],
      '3': ['ImageUpscaleWithModel', { upscale_model: ['2', 0], image: ['1', 0] }],
      '4': ['SaveImage', { images: ['3', 0], filename_prefix: 'Gesso' }],
    },
  },
  'latent-composite': {
    note: '# Latent composite\n\nTwo pictures begin on their own. After a few steps one is laid into the other, and a third sampler paints both to the end as one.\n\nx and y say where it lies, feather how soft its edge is.',
    nodes: composite(),
  },
};

function grid(): Written {
  const cells = [
    ['euler', 2],
    ['euler', 6],
    ['dpmpp_2m', 2],
    ['dpmpp_2m', 6],
  ] as const;
  return Object.fromEntries(
    cells.flatMap(([sampler_name, cfg], i) => {
      const [sample, decode, keep] = [0, 1, 2].map((n) => String(5 + 3 * i + n));
      const title = `${sampler_name}, CFG ${cfg}`;
      return [
        [sample, ['KSampler', { ...PARTS, seed: 1, ...START, sampler_name, cfg }, title]],
        [decode, ['VAEDecode', { samples: [sample, 0], vae: ['1', 2] }]],
        [keep, ['SaveImage', { images: [decode, 0], filename_prefix: `Gesso/${sampler_name} ${cfg}` }]],
      ];
    }),
  );
}

function composite(): Written {
  const part = { add_noise: 'enable', steps: 8, cfg: 4, sampler_name: 'euler', scheduler: 'sgm_uniform' };
  const begin = { ...part, start_at_step: 0, end_at_step: 3, return_with_leftover_noise: 'enable' };
  return {
    ...LOADER,
    '2': ['CLIPTextEncode', { text: 'a house', clip: ['1', 1] }, 'Behind'],
    '8': ['CLIPTextEncode', { text: 'a red car', clip: ['1', 1] }, 'In front'],
    '9': ['CLIPTextEncode', { text: 'a red car and a house', clip: ['1', 1] }, 'Both'],
    '3': ['CLIPTextEncode', { text: '', clip: ['1', 1] }, 'Negative prompt'],
    ...EMPTY,
    '10': ['EmptyLatentImage', SIZE],
    '5': ['KSamplerAdvanced', { ...PARTS, noise_seed: 3, ...begin }, 'Begin what is behind'],
    '11': [
      'KSamplerAdvanced',
      { ...PARTS, positive: ['8', 0], latent_image: ['10', 0], noise_seed: 4, ...begin },
      'Begin what is in front',
    ],
    '12': ['LatentComposite', { samples_to: ['5', 0], samples_from: ['11', 0], x: 48, y: 48, feather: 16 }],
    '13': [
      'KSamplerAdvanced',
      {
        ...{ ...PARTS, positive: ['9', 0], latent_image: ['12', 0], noise_seed: 3, ...part, add_noise: 'disable' },
        ...{ start_at_step: 3, end_at_step: 10_000, return_with_leftover_noise: 'disable' },
      },
      'To the end',
    ],
    ...save('13'),
  };
}

/** The graph's document, with its note above the nodes. */
function documentOf({ note, nodes }: Template): ComfyDocument {
  const prompt = Object.fromEntries(
    Object.entries(nodes).map(([id, [class_type, inputs, title]]) => [
      id,
      { class_type, inputs, ...(title !== undefined && { _meta: { title } }) },
    ]),
  );
  const laid = toWorkflow(prompt);
  const id = Math.max(...Object.keys(nodes).map(Number)) + 1;
  const made = newNode('MarkdownNote', { id, pos: [0, -290] });
  if (!made) throw new Error('no notes');
  const about = { ...made, size: [480, 220] as const, widgets: [note], title: 'About this graph' };
  return { ...laid, root: { ...laid.root, nodes: [about, ...spread(laid.root.nodes)] } };
}

/** Height of a box and the picture that hangs below it, in the editor's pixels. */
const SAVED = 240;

/** What is saved hangs below its node: several stand apart. */
function spread(nodes: readonly ComfyNode[]): ComfyNode[] {
  const [first, ...more] = nodes.filter(({ type }) => type === 'SaveImage');
  return nodes.map((node) => {
    const at = more.indexOf(node);
    return at < 0 || !first ? node : { ...node, pos: [first.pos[0], first.pos[1] + (at + 1) * SAVED] };
  });
}

const PEN = { kind: 'line', width: 4, colour: WHITE } as const;
const FISH: readonly Shape[] = [
  {
    ...PEN,
    through: Array.from({ length: 37 }, (_, i) => [
      52 + 38 * Math.cos((i * Math.PI) / 18),
      64 + 24 * Math.sin((i * Math.PI) / 18),
    ]),
  },
  { ...PEN, through: [[86, 64], [116, 42], [116, 86], [86, 64]] }, // prettier-ignore
];
const DOODLE: readonly Shape[] = [
  { kind: 'box', from: [0, 92], to: [128, 128], colour: [90, 180, 80] },
  { kind: 'box', from: [34, 58], to: [92, 106], colour: [230, 190, 120] },
  { kind: 'corners', of: [[26, 60], [63, 24], [100, 60]], colour: [190, 50, 40] }, // prettier-ignore
  { kind: 'box', from: [56, 78], to: [72, 106], colour: [110, 70, 40] },
];
const SIDE = { width: 128, height: 128 };
const PICTURES = {
  'gesso-doodle.png': drawn(SIDE, [150, 205, 250], DOODLE),
  'gesso-mask.png': drawn(SIDE, BLACK, [{ kind: 'box', from: [24, 8], to: [104, 78], colour: WHITE }]),
  'gesso-strokes.png': drawn(SIDE, BLACK, FISH),
};

export function writeAll(folder: string): void {
  for (const [id, template] of Object.entries(TEMPLATES))
    writeFileSync(join(folder, `${id}.json`), `${writeJson(writeDocument(documentOf(template)), 2)}\n`);
  for (const [name, { data }] of Object.entries(PICTURES)) {
    const png = new PNG({ ...SIDE });
    png.data = Buffer.from(data);
    writeFileSync(join(folder, 'pictures', name), PNG.sync.write(png));
  }
}
