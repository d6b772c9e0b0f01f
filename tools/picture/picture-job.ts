/** A picture from a picture, or under control, as `npm run generate -- --init` and `--control` ask for it: its request, its workflow, and what goes with it. */
import manifest from '../../models-manifest.json';
import { parseCatalog, type ModelEntry } from '../../src/core/catalog';
import { pixelHash } from '../../src/core/image/pixel-hash';
import { embedInfotext } from '../../src/core/image/metadata';
import type { Raster } from '../../src/core/image/raster';
import { recipeOf, writeInfotext } from '../../src/core/recipe/infotext';
import { withControl } from '../../src/core/recipe/control/infotext';
import { assertControl } from '../../src/core/recipe/control/problems';
import type { ControlUnit } from '../../src/core/recipe/control/unit';
import { findChoice } from '../../src/core/recipe/find-choice';
import { assertRequest } from '../../src/core/recipe/problems';
import {
  BASIC_IDS,
  fieldOf,
  FIELD_DEFAULTS,
  type FieldId,
  type GenerationRequest,
} from '../../src/core/recipe/request';
import { labelled } from '../../src/core/recipe/value-kinds';
import { usualTiles } from '../../src/core/redraw/usual-tiles';
import { workflowOf, type Workflow } from '../../src/core/workflow';
import { hashesIn, type ReadAdapter } from './read-adapters';

/** An image as RGBA in base64. */
export interface Image {
  width: number;
  height: number;
  data: string;
}

/** Texts of the command line by setting; what is not there is as the model likes it. */
export type Typed = Readonly<Partial<Record<FieldId | 'model', string | number>>>;

export interface PictureJob {
  workflow: Workflow;
  images: Record<string, Image>;
  seed: number;
  /** The PNG with its recipe in it. */
  finish(png: Buffer): Uint8Array;
}

const { models } = parseCatalog(manifest);

export interface GivenPictures {
  init?: Raster<4>;
  mask?: Raster<4>;
  control?: readonly (Omit<ControlUnit, 'model' | 'image' | 'mask' | 'more'> & {
    model: Pick<ModelEntry, 'id' | 'name'>;
    image?: Raster<4>;
    mask?: Raster<4>;
    more?: readonly Raster<4>[];
  })[];
}

/** Models and adapters that are in no catalogue. */
interface Added {
  model?: ModelEntry | undefined;
  adapters?: readonly ReadAdapter[];
}

/** @throws AppError 'bad-request' for what cannot be painted */
export function pictureJob(typed: Typed, given: GivenPictures, { model: own, adapters = [] }: Added = {}): PictureJob {
  const model = own ?? findModel(typed.model?.toString());
  const [init, mask] = [given.init, given.mask].map((picture) => picture && toImage(picture));
  const units = (given.control ?? []).map(({ model: entry, image, mask: own, more = [], ...unit }) => {
    const [hint, hidden] = [image, own].map((picture) => picture && toImage(picture));
    const further = more.map(toImage);
    const pictures = {
      ...(hint && { image: hint.hash }),
      ...(hidden && { mask: hidden.hash }),
      ...(further.length > 0 && { more: further.map(({ hash }) => hash) }),
    };
    return { seen: [hint, hidden, ...further], unit: { ...unit, model: entry.id, ...pictures } };
  });
  const all = [init, mask, ...units.flatMap(({ seen }) => seen)].filter((one) => one !== undefined);
  const images = Object.fromEntries(all.map(({ hash, image }) => [hash, image]));
  const request = {
    ...Object.fromEntries(BASIC_IDS.map((id) => [id, FIELD_DEFAULTS[id]])),
    ...model.defaults,
    ...usualTiles(model.size, model.defaults),
    seed: Math.floor(Math.random() * 2 ** 32),
    ...Object.fromEntries(
      Object.entries(typed).map(([id, text]) => [id, id === 'model' ? text : valueOf(id as FieldId, String(text))]),
    ),
    model: model.id,
    ...(init && { initImage: init.hash }),
    ...(mask && { initMask: mask.hash }),
    ...(units.length > 0 && { control: units.map(({ unit }) => unit) }),
  } as GenerationRequest;
  if (Number(request.seed) < 0) request.seed = Math.floor(Math.random() * 2 ** 32);
  assertRequest(request, model.size);
  assertControl(request);
  const loras = adapters.filter(({ kind }) => kind === 'lora');
  const loraHashes = hashesIn(request.prompt, loras);
  const names = new Map((given.control ?? []).map(({ model: { id, name } }) => [id, name]));
  const recipe = withControl(
    recipeOf(request, { model: own ? own.name : model.id, ...(loraHashes && { loraHashes }) }),
    request.control ?? [],
    (unit) => ({ name: names.get(unit.model) ?? unit.model }),
  );
  const text = writeInfotext(recipe);
  return {
    workflow: workflowOf(request, loras, given.init ? { picture: given.init } : {}),
    images,
    seed: Number(request.seed),
    finish: (png) => embedInfotext(png, text),
  };
}

function findModel(name: string | undefined): ModelEntry {
  const wanted = name?.toLowerCase();
  const found =
    wanted === undefined ? models[0] : models.find((one) => [one.id, one.name.toLowerCase()].includes(wanted));
  if (!found) throw new RangeError(`There is no model "${name}" in the catalogue.`);
  return found;
}

/** What cannot be read stays a text, which the request's check refuses in a sentence. */
function valueOf(id: FieldId, text: string): unknown {
  const field = fieldOf(id);
  switch (field.kind) {
    case 'text':
      return text;
    case 'flag':
      return text === 'true';
    case 'choice':
      return findChoice(field, text) ?? labelled(field.choices, field.names !== undefined).read(text) ?? text;
    default:
      return Number(text);
  }
}

export function toImage({ width, height, data }: Raster<4>): { hash: string; image: Image } {
  const hash = pixelHash({ width, height, data });
  return {
    hash,
    image: { width, height, data: Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64') },
  };
}
