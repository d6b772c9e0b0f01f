/** Models with a U-Net like ours that Gesso does not run, by name. @see ComfyUI comfy/supported_models.py */
import type { ComponentId } from '../networks/components';
import type { DenoiserSigns } from '../networks/unet-signs';
import { whatRuns } from './what-runs';

export interface Relative {
  /** What it has in common with ours. */
  denoiser: ComponentId;
  is(signs: DenoiserSigns): boolean;
  /** What it is, to follow "this is ". */
  what(signs: DenoiserSigns): string;
}

/** Pooled text of 1280, and six numbers of 256 each; the refiner's five. */
const ADDED: Readonly<Record<number, { name: string; width: number }>> = {
  2048: { name: 'SDXL', width: 2816 },
  1280: { name: 'the SDXL refiner', width: 2560 },
};

/** The first that is it. Widths are those of published models: a toy may have any. */
export const RELATIVES: readonly Relative[] = [
  {
    denoiser: 'unet',
    is: ({ contextWidth, addedWidth }) => contextWidth === 1024 && addedWidth !== undefined,
    what: () => `a Stable unCLIP model; Gesso runs ${whatRuns()}`,
  },
  {
    denoiser: 'unet',
    is: ({ contextWidth = 0, addedWidth }) =>
      addedWidth !== undefined && addedWidth !== (ADDED[contextWidth]?.width ?? addedWidth),
    what: ({ contextWidth = 0, addedWidth }) =>
      `a relative of ${ADDED[contextWidth].name} whose added embedding has ${addedWidth} numbers, not ${ADDED[contextWidth].width}; Gesso runs ${whatRuns()}`,
  },
  {
    denoiser: 'unet',
    is: ({ contextWidth, isShallow = false }) => contextWidth === 2048 && isShallow,
    what: () => `a smaller SDXL (such as SSD-1B or Segmind Vega); Gesso runs ${whatRuns()} of full size`,
  },
  {
    denoiser: 'unet',
    is: ({ inChannels }) => inChannels === 7,
    what: () => `the Stable Diffusion x4 upscaler; Gesso runs ${whatRuns()}`,
  },
  {
    denoiser: 'unet',
    is: ({ inChannels }) => inChannels === 5,
    what: () => 'a depth-to-image model; Gesso has no depth input yet',
  },
];
