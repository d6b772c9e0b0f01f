/** The list of files on a page of Civitai: a name, what it is, its version, and for some a weight, a line each. */
import { trimSpace } from '../../prompt/characters';
import { labelOf } from './words-of-labels';

export interface Resource {
  type: string;
  modelName: string;
  modelVersionName?: string;
  weight?: number;
}

const HEADING = /^resources(?: used)?:?$/i;
const KIND =
  /^(checkpoint(?: merge)?|lora|locon|lycoris|dora|embedding|textual inversion|vae|hypernetwork|controlnet|upscaler)s?(?:[ \t]+(-?\d?\.?\d+))?$/i;
const WEIGHT = /^-?\d?\.?\d+$/;
const MOST_LINES = 60;

/** What stands between the heading and the next label. */
export function takeResources(lines: readonly string[]): { rest: string[]; resources: Resource[] } {
  const start = lines.findIndex((line) => HEADING.test(line));
  const rows = start < 0 ? [] : lines.slice(start + 1, start + 1 + MOST_LINES);
  const end = rows.findIndex((line) => isLabel(line));
  const own = end < 0 ? rows : rows.slice(0, end);
  const resources = resourcesOf(own.map(trimSpace).filter((line) => line !== ''));
  if (resources.length === 0) return { rest: [...lines], resources };
  return { rest: [...lines.slice(0, start), ...lines.slice(start + 1 + own.length)], resources };
}

/** "Checkpoint" alone on its line says what the name above it is. */
function isLabel(line: string): boolean {
  const [word] = line.split(/[:：\t]/);
  return !KIND.test(trimSpace(line)) && labelOf(word) !== undefined;
}

/** Each kind has its name above it; what is below it up to the next name is its version. */
function resourcesOf(lines: readonly string[]): Resource[] {
  const kinds = lines.flatMap((line, at) => (at > 0 && KIND.test(line) ? [at] : []));
  return kinds.map((at, i) => {
    const [, type = '', beside] = KIND.exec(lines[at]) ?? [];
    const below = lines.slice(at + 1, i + 1 < kinds.length ? kinds[i + 1] - 1 : at + 3);
    const weight = beside ?? below.find((line) => WEIGHT.test(line));
    const version = below.find((line) => !WEIGHT.test(line));
    return {
      type: type.toLowerCase().replace(/^checkpoint.*/, 'checkpoint'),
      modelName: lines[at - 1],
      ...(version !== undefined && { modelVersionName: version }),
      ...(weight !== undefined && { weight: Number(weight) }),
    };
  });
}

/** As Civitai writes them into infotexts; the checkpoint is the model. */
export function pairsOfResources(
  resources: readonly Resource[],
  known: ReadonlySet<string>,
): (readonly [key: string, value: string])[] {
  const model = resources.find(({ type }) => type === 'checkpoint');
  const others = resources.filter((one) => one !== model);
  return [
    ...(model && !known.has('Model') ? [['Model', JSON.stringify(model.modelName)] as const] : []),
    ...(others.length > 0 ? [['Civitai resources', JSON.stringify(JSON.stringify(others))] as const] : []),
  ];
}
