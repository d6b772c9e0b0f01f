/** One session for all sizes, on ONNX Runtime's wasm provider: against diffusers' numbers at each. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { expect, it } from 'vitest';
import { MAX_RELATIVE_ERROR, parityErrors } from '../../core/networks/testing/parity';
import { createOrtSession, type Ort } from './ort-session';

const fixtures = new URL('../../core/networks/fixtures/', import.meta.url);

/** Sizes by what changes: height, width, batch and tokens, and back. */
const SIZES = {
  'unet-sd15': ['', ', 77 tokens, upright', ', 33x47', ', 231 tokens, batch 3', ''],
  'unet-sdxl': ['', ', 33x47', ', 77 tokens, upright', ''],
  autoencoder: ['', ', 5x7', ''],
  'autoencoder-encoder': ['', ', 5x7', ''],
};

it.each(Object.entries(SIZES))('%s computes what diffusers computes, size after size', async (name, cases) => {
  let sessions = 0;
  const errors = await parityErrors(
    cases.map((size) => `${name}${size}`),
    {
      form: 'portable',
      read: async (path) => readFile(fileURLToPath(new URL(path, fixtures))),
      createSession: (graph) => {
        sessions++;
        return createOrtSession(ort as unknown as Ort, ['wasm'], graph);
      },
    },
  );
  expect(errors).toHaveLength(cases.length);
  for (const error of errors) expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
  expect(sessions).toBe(1);
});
