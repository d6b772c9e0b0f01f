/** LoRAs that savers and sites give keys of their own: "Lora_0 Model name", "LoRA_1", "Lora weights". A1111 has tags only. */
import { parseFloatStrictly } from '../../prompt/characters';
import { parseJson } from '../json-end';
import { LORA_WITH_BRACKETS, type LoraWeight } from '../lora-weight';
import { fileStem } from '../own-vae';

interface Found {
  name?: string;
  unet?: number;
  text?: number;
}

const NUMBERED = /^(?:lora|lora combined)[ _-]?(\d{0,2})(?:[ _-]+(.+))?$/i;
const WORDS: Readonly<Record<string, keyof Found>> = {
  '': 'name',
  name: 'name',
  'model name': 'name',
  model: 'name',
  strength: 'unet',
  weight: 'unet',
  'strength model': 'unet',
  'model weight': 'unet',
  'strength clip': 'text',
  'clip weight': 'text',
};
/** They say what the file is, not that it was used. */
const BESIDE = /^(?:lora|lora combined)[ _-]?\d{0,2}[ _-]+(?:model hash|hash)$/i;

/** The extension Additional Networks, before A1111 had tags: "AddNet Model 1: ink(aabbccddeeff)", with a weight for each part. */
function renameAddNet(values: Map<string, string>): void {
  for (const [key, value] of [...values]) {
    const [, word = '', number] = /^AddNet (Module|Model|Weight A|Weight B|Weight) (\d)$/.exec(key) ?? [];
    if (number === undefined) continue;
    values.delete(key);
    if (/^none$/i.test(values.get(`AddNet Model ${number}`) ?? '')) continue;
    if (word === 'Model') values.set(`Lora ${number} name`, value.replace(/\([0-9a-f]{6,64}\)$/i, ''));
    else if (word !== 'Module') values.set(`Lora ${number} ${word === 'Weight B' ? 'strength clip' : 'weight'}`, value);
  }
  if (values.get('AddNet Enabled') === 'True') values.delete('AddNet Enabled');
}

/** Takes them out of the values; those that the prompt's tags name are not told twice. */
export function takeLoras(values: Map<string, string>, prompt: string): LoraWeight[] {
  renameAddNet(values);
  const byNumber = new Map<string, Found>();
  const read: string[] = [];
  const listedInJson: Found[] = [];
  for (const [key, value] of values) {
    const [, number, word = ''] = NUMBERED.exec(key) ?? [];
    const field = number === undefined ? undefined : WORDS[word.toLowerCase().replaceAll('_', ' ')];
    if (number === undefined || (field === undefined && !BESIDE.test(key))) continue;
    read.push(key);
    const inJson = field === 'name' ? [...lorasOfJson(value), ...lorasOfList(value)] : [];
    listedInJson.push(...inJson);
    if (field !== undefined && inJson.length === 0)
      byNumber.set(number, { ...byNumber.get(number), ...toField(field, value) });
  }
  const weights = values.get('Lora weights') ?? '';
  const listed: Found[] = [...weights.matchAll(/([^,:]+):\s*(-?[\d.]+)/g)].map(([, name, weight]) => ({
    name: fileStem(name.trim()),
    unet: parseFloatStrictly(weight),
  }));
  const loras = [...byNumber.values(), ...listedInJson, ...listed].flatMap(({ name, unet = 1, text = unet }) =>
    name === undefined || /^(none|)$/i.test(name) ? [] : [{ name, unet, text }],
  );
  if (loras.length === 0) return [];
  for (const key of [...read, ...(listed.length > 0 ? ['Lora weights'] : [])]) values.delete(key);
  return loras.filter(({ name }) => !hasTag(prompt, name));
}

/** PixAI: `{"1632": 0.7}`. */
function lorasOfJson(value: string): Found[] {
  const json = /^\s*\{/.test(value) ? parseJson(value) : undefined;
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([name, unet]) =>
    typeof unet === 'number' ? [{ name: fileStem(name), unet }] : [],
  );
}

const IN_LIST =
  /^([^,;()]+?)[ \t]*(?:\([ \t]*(?:weight|strength|w)?[ \t:=]*(-?\d*\.?\d+)[ \t]*\)|[:@×][ \t]*(-?\d*\.?\d+))$/i;
const MOST_LISTED = 2000;

/** "ink (0.8), sketch (weight 0.5)", "ink: 0.8; sketch: 0.5": each of them has its weight. */
function lorasOfList(value: string): Found[] {
  const parts = value.length > MOST_LISTED ? [] : value.split(/[,;][ \t]*/);
  const found = parts.flatMap((part): Found[] => {
    const [, name, bracket, weight = bracket] = IN_LIST.exec(part.trim()) ?? [];
    return name === undefined ? [] : [{ name: fileStem(name.trim()), unet: parseFloatStrictly(weight) }];
  });
  return parts.length > 1 && found.length === parts.length ? found : [];
}

/** Words may say ":name:" too, and a tag needs no weight. */
function hasTag(prompt: string, name: string): boolean {
  const text = prompt.toLowerCase();
  return ['lora', 'lyco'].some((kind) =>
    [':', '>'].some((end) => text.includes(`<${kind}:${name.toLowerCase()}${end}`)),
  );
}

/** "ink.safetensors : 0.8" and "ink (0.8)" say both; "ink (1)" is what browsers call a second download. */
function toField(field: keyof Found, value: string): Found {
  if (field !== 'name') return { [field]: parseFloatStrictly(value) };
  const [, name = value, weight] = /^(.*?)\s+:\s+(-?[\d.]+)$/.exec(value) ?? LORA_WITH_BRACKETS.exec(value) ?? [];
  return { name: fileStem(name), ...(weight !== undefined && { unet: parseFloatStrictly(weight) }) };
}
