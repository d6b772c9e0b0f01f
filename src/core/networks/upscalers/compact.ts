/**
 * SRVGGNetCompact: convolutions at the picture's own size, and what they make beside the enlarged picture.
 * @see github.com/xinntao/Real-ESRGAN realesrgan/archs/srvgg_arch.py
 */
import {
  addTo,
  GraphBuilder,
  pixelShuffle,
  prelu,
  repeatPixels,
  tensor,
  type BuiltGraph,
  type GraphForm,
  type Target,
} from '../../graph';
import { network } from '../network';
import { ConfigReader } from '../read-config';
import { count, pictureInput, pictureOutput, PLANES, sameConv } from './layers';

export interface CompactConfig {
  /** Channels of the maps between. */
  features: number;
  /** Convolutions between the first and the last. */
  convolutions: number;
  scale: number;
}

function readCompactConfig(file: string, json: unknown): CompactConfig {
  const c = new ConfigReader(file, json);
  return { features: c.size('features'), convolutions: count(c, 'convolutions'), scale: count(c, 'scale', 8) };
}

function buildCompact(config: CompactConfig, form: Target | GraphForm): BuiltGraph {
  const g = new GraphBuilder('compact_upscaler', form);
  const { features, convolutions, scale } = config;
  const image = pictureInput(g);
  let x = image;
  for (let i = 0; i <= convolutions; i++) {
    x = sameConv(g, x, `body.${2 * i}`, features);
    x = prelu(g, x, tensor(`body.${2 * i + 1}.weight`, features));
  }
  const details = sameConv(g, x, `body.${2 * convolutions + 2}`, PLANES * scale ** 2);
  pictureOutput(g, addTo(g, pixelShuffle(g, details, scale), repeatPixels(g, image, scale)));
  return g.build();
}

export const compact = network<CompactConfig>({
  read: readCompactConfig,
  sizes: ({ scale, convolutions }) => ({ upscaler: { scale, multiple: 1, reach: convolutions + 2 } }),
  layers: ({ convolutions }) => convolutions,
  build: buildCompact,
});
