/** `comfyui`: what a workflow of ComfyUI is here, and what would run of it. */
import { AppError } from '../../src/core/errors';
import { analyse, openComfyFile, writeJson, type Json } from '../../src/core/comfyui/workflows';
import { UsageError } from './arguments';
import type { Question } from './question';
import { readBytes } from './recipe-file';

export const COMFYUI: Question = {
  summary:
    'a workflow or prompt of ComfyUI, in JSON or a picture: {"format":"ui","nodes":8,"unknown":[...],"runs":true,"api":{...}}',
  examples: ['comfyui tools/inspect/testing/comfyui.json'],
  options: {},
  async ask(args) {
    const bytes = await readBytes(args);
    try {
      const { format, document } = openComfyFile(bytes);
      const { prompt: api, nodes, unknown, runs, ...found } = analyse(document);
      // Seeds of 64 bits are no numbers of JavaScript's JSON.
      return writeJson(strict({ format, nodes, unknown, runs, ...found, api } as unknown as Json));
    } catch (error) {
      if (error instanceof AppError && error.code === 'bad-file') throw new UsageError(error.message);
      throw error;
    }
  },
};

/** NaN and infinities as null: what is printed is JSON. */
function strict(value: Json): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(strict);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, strict(one ?? null)]));
}
