/** Vision towers in words: which an adapter needs, and where it is published. */

export interface WantedTower {
  /** Width of the vectors of what is read of a picture. */
  imageWidth: number;
  /** A vector for each part, not one for the whole. */
  readsParts: boolean;
}

interface Tower {
  name: string;
  /** Widths of a part, and of the whole. */
  part: number;
  whole: number;
  /** File that people know it by. */
  file: string;
}

const TOWERS: readonly Tower[] = [
  { name: 'ViT-L/14', part: 1024, whole: 768, file: 'model.safetensors of openai/clip-vit-large-patch14' },
  {
    name: 'ViT-H/14',
    part: 1280,
    whole: 1024,
    file: 'models/image_encoder/model.safetensors of h94/IP-Adapter, 2.5 GB',
  },
  {
    name: 'ViT-bigG/14',
    part: 1664,
    whole: 1280,
    file: 'sdxl_models/image_encoder/model.safetensors of h94/IP-Adapter, 3.7 GB',
  },
];

/** "the CLIP vision encoder ViT-H/14 (...)", within a sentence. */
export function towerText({ imageWidth, readsParts }: WantedTower): string {
  const tower = TOWERS.find(({ part, whole }) => (readsParts ? part : whole) === imageWidth);
  if (tower) return `the CLIP vision encoder ${tower.name} (${tower.file})`;
  return `a CLIP vision encoder whose ${readsParts ? 'parts are' : 'result is'} ${imageWidth} numbers wide`;
}
