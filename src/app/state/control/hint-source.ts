/** Where hints to be looked at come from: arithmetic in a worker of its own, or, of networks, the engine between pictures. */
import { AppError } from '../../../core/errors';
import type { HintWish } from '../../../core/hints/hint-for';
import { networkFile } from '../../../core/hints/preprocessors';
import { node, wire } from '../../../core/workflow/make-node';
import { WORKFLOW_VERSION, type Workflow } from '../../../core/workflow/workflow';
import type { Pixels } from '../../../engine/api';
import type { Studio } from '../studio.svelte';
import { drawerEntries } from './control-inputs';
import { HintMaker } from './hint-maker';

export interface HintSource {
  /**
   * @param hash  of the picture
   * @param isWanted  asked when its turn comes: pictures and other hints go before
   * @throws AppError with why there is none
   */
  make(pixels: Pixels, wish: HintWish, hash: string, isWanted: () => boolean): Promise<Pixels>;
}

export function createHintSource(studio: Studio): HintSource & { close(): void } {
  const maker = new HintMaker();
  return {
    make: (pixels, wish, hash, isWanted) =>
      networkFile(wish.module) === undefined
        ? maker.make(pixels, wish)
        : drawn(studio, pixels, { wish, hash, isWanted }),
    close: () => maker.close(),
  };
}

async function drawn(
  { engine, library, settings }: Pick<Studio, 'engine' | 'library' | 'settings'>,
  pixels: Pixels,
  { wish, hash, isWanted }: { wish: HintWish; hash: string; isWanted: () => boolean },
): Promise<Pixels> {
  const controls = drawerEntries([wish], library.controls);
  const { images } = await engine.run(
    hintWorkflow(wish, hash),
    { controls, images: { [hash]: pixels } },
    settings.model,
    isWanted,
  );
  const [hint] = images;
  if (hint) return hint;
  throw new AppError('internal', 'The engine made no hint.');
}

function hintWorkflow({ target, resizeMode: mode, seed: hintSeed, ...wish }: HintWish, image: string): Workflow {
  const made = { ...wish, ...(wish.pixelPerfect && { ...target, mode }), hintSeed };
  return {
    version: WORKFLOW_VERSION,
    nodes: [
      node('picture', 'load_image', { image }),
      node('hint', 'make_hint', made, { image: wire('picture', 'image') }),
      node('keep', 'keep', {}, { image: wire('hint', 'image') }),
    ],
  };
}
