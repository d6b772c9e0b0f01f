/** Where hints to be looked at come from: arithmetic in a worker of its own, or, of networks, the engine between pictures. */
import { AppError } from '../../../core/errors';
import { needsMask, networkFile } from '../../../core/hints/preprocessors';
import { node, wire } from '../../../core/workflow/make-node';
import { WORKFLOW_VERSION, type Workflow } from '../../../core/workflow/workflow';
import type { Pixels, WorkflowResult } from '../../../engine/api';
import { MASK_MISSING } from '../start/start-pictures.svelte';
import type { Studio } from '../studio.svelte';
import { drawerEntries } from './control-inputs';
import type { FormWish } from './hint-wish';
import { HintMaker } from './hint-maker';

export interface HintSource {
  /**
   * @param hash  of the picture
   * @param isWanted  asked when its turn comes: pictures and other hints go before
   * @throws AppError with why there is none
   */
  make(pixels: Pixels, wish: FormWish, hash: string, isWanted: () => boolean): Promise<Pixels>;
}

export function createHintSource(studio: Studio): HintSource & { close(): void } {
  const maker = new HintMaker();
  return {
    make: (pixels, wish, hash, isWanted) =>
      networkFile(wish.module) === undefined && !needsMask(wish.module)
        ? maker.make(pixels, wish)
        : drawn(studio, pixels, { wish, hash, isWanted }),
    close: () => maker.close(),
  };
}

type Drawing = Pick<Studio, 'engine' | 'library' | 'settings' | 'startPictures'>;

interface Drawn {
  wish: FormWish;
  hash: string;
  isWanted: () => boolean;
}

async function drawn(studio: Drawing, pixels: Pixels, { wish, hash, isWanted }: Drawn): Promise<Pixels> {
  const { images } = await runHint(studio, pixels, { wish, hash, isWanted });
  const [hint] = images;
  if (hint) return wish.maskedBy ? blackWhereMasked(hint) : hint;
  throw new AppError('internal', 'The engine made no hint.');
}

/** A hint, what its preprocessor found, and what is said of it. @throws AppError as HintSource.make */
export async function runHint(
  { engine, library, settings, startPictures }: Drawing,
  pixels: Pixels,
  { wish, hash, isWanted }: Drawn,
): Promise<Pick<WorkflowResult, 'images' | 'found' | 'notices'>> {
  const controls = drawerEntries([wish], library.controls);
  const mask = wish.maskedBy && (await startPictures.pixels(wish.maskedBy.image));
  if (wish.maskedBy && !mask) throw new AppError('missing-picture', MASK_MISSING);
  const seen = { [hash]: pixels, ...(wish.maskedBy && mask && { [wish.maskedBy.image]: mask }) };
  return engine.run(hintWorkflow(wish, hash), { controls, images: seen }, settings.model, isWanted);
}

/** What networks see there is darker than any colour. */
function blackWhereMasked({ data, ...size }: Pixels): Pixels {
  const shown = data.slice();
  for (let i = 0; i < shown.length; i += 4) {
    if (shown[i + 3] > 127) shown.fill(0, i, i + 3);
    shown[i + 3] = 255;
  }
  return { ...size, data: shown };
}

function hintWorkflow(
  { target, resizeMode: mode, seed: hintSeed, maskedBy, ...wish }: FormWish,
  image: string,
): Workflow {
  const made = { ...wish, ...(wish.pixelPerfect && { ...target, mode }), hintSeed };
  return {
    version: WORKFLOW_VERSION,
    nodes: [
      node('picture', 'load_image', { image }),
      ...(maskedBy
        ? [
            node('mask', 'load_mask', { image: maskedBy.image }),
            node('soften', 'soften_mask', maskedBy, { mask: wire('mask', 'mask'), image: wire('picture', 'image') }),
          ]
        : []),
      node('hint', 'make_hint', made, {
        image: wire('picture', 'image'),
        ...(maskedBy && { mask: wire('soften', 'mask') }),
      }),
      node('keep', 'keep', {}, { image: wire('hint', 'image') }),
    ],
  };
}
