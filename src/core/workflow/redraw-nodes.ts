/** A picture is enlarged, and painted over tile by tile: the nodes of each tile, in a row. */
import { tileGrid } from '../image/geometry';
import type { Box, Size } from '../image/raster';
import { planRedraw, type RedrawPass, type SeamFix } from '../redraw/plan-redraw';
import { paintsSeams } from '../recipe/has-effect';
import { redrawnSize } from '../recipe/redraw';
import type { CompleteRequest } from '../recipe/request';
import { toSeedValue } from '../recipe/seed-value';
import { controlNodes, recolorNodes } from './control-nodes';
import { node, wire } from './make-node';
import type { Wire, WorkflowNode } from './workflow';

export interface RedrawParts {
  model: Wire;
  /** Inputs of `sample`. */
  guides: Readonly<Record<string, Wire>>;
  /** As it was loaded. */
  picture: Wire;
  /** In pixels: where it decides how large the picture becomes. */
  size: Size | undefined;
}

/** Settings of a mask that mean nothing here; the tile's own is painted as A1111 does it. */
const MASKED: Partial<CompleteRequest> = {
  ...{ maskMode: 'a1111', maskedContent: 'original', inpaintArea: 'masked', resizeMode: 'just_resize' },
  invertMask: false,
};

/** @returns in their order; the last gives the picture */
export function redrawNodes(request: CompleteRequest, { model, guides, picture, size }: RedrawParts): WorkflowNode[] {
  const target = redrawnSize(request, size ?? request);
  const larger = enlargedNode(request, { target, picture });
  const paintsTiles = request.denoisingStrength > 0;
  if (!paintsTiles && !paintsSeams(request)) return [larger];
  const from = wire(larger.id, 'image');
  const parts = { request, model, guides };
  return [
    larger,
    ...(request.redraw === 'overlap'
      ? overlapNodes(target, from, parts)
      : tileNodes(target, from, { ...parts, paintsTiles })),
  ];
}

/** The picture at its new size, before anything is painted. */
export function enlargedNode(
  { redrawUpscaler, resizeMode }: CompleteRequest,
  { target, picture }: { target: Size; picture: Wire },
): WorkflowNode {
  const settings = {
    ...target,
    resizeMode: resizeMode === 'latent_upscale' ? 'just_resize' : resizeMode,
    ...(redrawUpscaler !== 'none' && { upscaler: redrawUpscaler }),
  };
  return node('larger', 'enlarge_to', settings, { image: picture });
}

interface Painting {
  request: CompleteRequest;
  model: Wire;
  guides: Readonly<Record<string, Wire>>;
}

/** @see Coyote-A/ultimate-upscale-for-automatic1111: each tile starts from what those before it left */
function tileNodes(
  target: Size,
  from: Wire,
  { paintsTiles, ...painting }: Painting & { paintsTiles: boolean },
): WorkflowNode[] {
  let image = from;
  const passes = planOf(painting.request, target).filter(({ isSeam }) => isSeam || paintsTiles);
  return passes.flatMap((pass, i) => {
    const made = passNodes(pass, `tile ${i + 1}`, { ...painting, image });
    image = wire(made[made.length - 1].id, 'image');
    return made;
  });
}

const planOf = (request: CompleteRequest, target: Size): RedrawPass[] =>
  planRedraw(target, {
    order: request.redraw === 'chess' ? 'chess' : request.redraw === 'seams' ? 'none' : 'linear',
    ...{ tileWidth: request.redrawTileWidth, tileHeight: request.redrawTileHeight },
    ...{ padding: request.redrawPadding, maskBlur: request.redrawMaskBlur },
    seamFix: request.seamFix satisfies SeamFix,
    ...{ seamWidth: request.seamFixWidth, seamMaskBlur: request.seamFixMaskBlur, seamPadding: request.seamFixPadding },
  });

function passNodes(
  { shape, box, target, maskBlur, padding, isSeam }: RedrawPass,
  id: string,
  { request, model, guides, image }: Painting & { image: Wire },
): WorkflowNode[] {
  const denoisingStrength = isSeam ? request.seamFixDenoise : request.denoisingStrength;
  const asked: CompleteRequest = { ...request, ...MASKED, ...target, maskedPadding: padding, denoisingStrength };
  const [masked, fitted, latent, painted, decoded] = ['mask', 'fit', 'encode', 'sample', 'decode'].map(
    (word) => `${id} ${word}`,
  );
  const mask = wire(masked, 'mask');
  const fit = { image: wire(fitted, 'image'), mask: wire(fitted, 'mask') };
  const pass = { ids: ` ${id}`, isSecond: false, ...target, mask, picture: fit.image, model };
  const { nodes: controls, control } = controlNodes(asked, pass);
  const recolored = recolorNodes(asked, { ...pass, made: controls, image: wire(decoded, 'image') });
  return [
    node(masked, 'tile_mask', { shape, ...box, maskBlur }, { image }),
    node(fitted, 'fit_masked', asked, { image, mask }),
    node(latent, 'encode_image', {}, { model, image: fit.image }),
    ...controls,
    node(
      painted,
      'sample',
      { ...asked, isTile: true },
      {
        ...{ model, ...guides, latent: wire(latent, 'latent'), picture: fit.image, mask: fit.mask },
        ...(control && { control }),
      },
    ),
    node(decoded, 'decode_latent', {}, { model, latent: wire(painted, 'latent') }),
    ...recolored,
    node(`${id} paste`, 'paste_back', asked, {
      ...{ image: wire(recolored.at(-1)?.id ?? decoded, 'image'), original: image, mask },
    }),
  ];
}

/** @see A1111 scripts/sd_upscale.py: all are cut from one picture, each has the next seed, and they are laid together at the end */
function overlapNodes(target: Size, from: Wire, painting: Painting): WorkflowNode[] {
  const { redrawTileWidth: width, redrawTileHeight: height, redrawOverlap: overlap } = painting.request;
  const tile = { width: width || height, height: height || width };
  const rows = tileGrid(target, { tile, overlap });
  const made: WorkflowNode[] = [];
  let place = 0;
  let whole: Wire | undefined;
  for (const [y, row] of rows.entries()) {
    let line: Wire | undefined;
    for (const box of row) {
      const id = `tile ${++place}`;
      made.push(...cutNodes(box, id, { ...painting, from, place: place - 1 }));
      const painted = made[made.length - 1].id;
      const joins = { axis: 'across', at: box.left, length: target.width, overlap };
      const inputs = { image: wire(painted, 'image'), ...(line && { to: line }) };
      made.push(node(`${id} laid`, 'join_tile', joins, inputs));
      line = wire(`${id} laid`, 'image');
    }
    const joins = { axis: 'down', at: row[0].top, length: target.height, overlap };
    const id = `row ${y + 1}`;
    if (line) made.push(node(id, 'join_tile', joins, { image: line, ...(whole && { to: whole }) }));
    whole = wire(id, 'image');
  }
  return made;
}

function cutNodes(
  { left: x, top: y, right, bottom }: Box,
  id: string,
  { request, model, guides, from, place }: Painting & { from: Wire; place: number },
): WorkflowNode[] {
  const size = { width: right - x, height: bottom - y };
  const cutOut = wire(`${id} cut`, 'image');
  const seed = toSeedValue(BigInt.asUintN(64, BigInt(request.seed) + BigInt(place))) ?? request.seed;
  const asked: CompleteRequest = { ...request, ...size, seed };
  const pass = { ids: ` ${id}`, isSecond: false, ...size, picture: cutOut, model };
  const { nodes: controls, control } = controlNodes(asked, pass);
  return [
    node(`${id} cut`, 'crop_image', { x, y, ...size }, { image: from }),
    node(`${id} encode`, 'encode_image', {}, { model, image: cutOut }),
    ...controls,
    node(
      `${id} sample`,
      'sample',
      { ...asked, isTile: true },
      {
        ...{ model, ...guides, latent: wire(`${id} encode`, 'latent'), picture: cutOut },
        ...(control && { control }),
      },
    ),
    node(`${id} decode`, 'decode_latent', {}, { model, latent: wire(`${id} sample`, 'latent') }),
    ...recolorNodes(asked, { ...pass, made: controls, image: wire(`${id} decode`, 'image') }),
  ];
}
