/** Settings of a picture that is enlarged and painted over tile by tile. See fields.ts. @see Coyote-A/ultimate-upscale-for-automatic1111; A1111 scripts/sd_upscale.py, whose ranges and defaults these are */
import type { Field } from './field';
import { ENLARGERS } from './hires-upscalers';

/** Ways through the tiles. `overlap` is A1111's own script: all are cut first, and laid together with their overlaps. */
export const REDRAWS = {
  none: { label: 'Off' },
  linear: { label: 'Linear' },
  chess: { label: 'Chess' },
  seams: { label: 'Seams alone' },
  overlap: { label: 'SD upscale' },
} as const;

export const SEAM_FIX_CHOICES = {
  none: { label: 'None' },
  band_pass: { label: 'Band pass' },
  half_tile: { label: 'Half tile offset pass' },
  half_tile_intersections: { label: 'Half tile offset pass + intersections' },
} as const;

const PIXELS = { min: 0, step: 1, integer: true } as const;

const pixels = <Label extends string>(label: Label, usual: number, max: number, step = 1) =>
  ({ kind: 'number', label, group: 'redraw', ...PIXELS, max, step, default: usual, link: false }) as const;

// In recipes keys of their own, which depend on the way: see redraw.ts.
export const REDRAW_FIELDS = {
  redraw: {
    kind: 'choice',
    label: 'Ultimate SD upscale',
    group: 'redraw',
    choices: REDRAWS,
    default: 'none',
    link: false,
  },
  redrawScale: {
    kind: 'number',
    label: 'Upscale the picture by',
    done: 'Upscaled in tiles by',
    group: 'redraw',
    min: 0,
    max: 16,
    step: 0.05,
    integer: false,
    default: 2,
    link: false,
  },
  redrawUpscaler: {
    kind: 'choice',
    label: 'Upscaler before tiles',
    group: 'redraw',
    choices: { none: { label: 'None' }, ...ENLARGERS },
    names: 'upscalers',
    default: 'realesr-animevideov3-x4',
    link: false,
  },
  redrawTileWidth: pixels('Tile width in pixels', 512, 2048, 8),
  redrawTileHeight: pixels('Tile height in pixels', 0, 2048, 8),
  redrawPadding: pixels('Tile padding', 32, 512),
  redrawMaskBlur: pixels('Tile mask blur', 8, 64),
  redrawOverlap: pixels('Tile overlap in pixels', 64, 256, 8),
  seamFix: {
    kind: 'choice',
    label: 'Seams fix',
    group: 'redraw',
    choices: SEAM_FIX_CHOICES,
    default: 'none',
    link: false,
  },
  seamFixDenoise: {
    kind: 'number',
    label: 'Seams fix denoise',
    group: 'redraw',
    ...{ min: 0, max: 1, step: 0.01, integer: false },
    default: 0.35,
    link: false,
  },
  seamFixWidth: pixels('Seams fix width', 64, 128),
  seamFixMaskBlur: pixels('Seams fix mask blur', 4, 64),
  seamFixPadding: pixels('Seams fix padding', 16, 128),
} as const satisfies Record<string, Field>;
