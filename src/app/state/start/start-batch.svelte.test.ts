import { describe, expect, it, vi } from 'vitest';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { Pixels } from '../../../engine/api';
import type { AddOptions } from '../line/work';
import { startFromFiles, startFromPictures, type BatchParts } from './start-batch';

vi.mock('./read-start-picture', () => ({
  readStartPicture: (file: File) => {
    const text = file.name.replace('.png', '');
    if (text === 'broken') return Promise.reject(new Error('it is no picture.'));
    return Promise.resolve({
      pixels: { width: 8, height: 8, data: new Uint8ClampedArray(256), text } as Pixels & { text: string },
    });
  },
}));

function setUp({ room = 100, problems = {}, stored = {} as Record<string, unknown> } = {}) {
  const asked: { request: GenerationRequest; options: AddOptions }[] = [];
  const offers: { words: string; undo: () => void }[] = [];
  const jobs: { id: number; request: GenerationRequest }[] = [];
  let seed = 0;
  const gone: number[] = [];
  const parts = {
    settings: {
      problems,
      extras: { Mood: 'calm' },
      advanced: { toStored: () => stored },
      toRequest: () => ({ prompt: 'a cat', seed: ++seed, initImage: 'form', initMask: 'mask' }),
    },
    roomTiles: { apply: (request: GenerationRequest) => ({ ...request, tiledMethod: 'multidiffusion' }) },
    startPictures: { keep: (pixels: Pixels & { text: string }) => Promise.resolve(`hash of ${pixels.text}`) },
    gallery: {
      file: (id: number) => Promise.resolve(id === 3 ? undefined : new File([], `picture ${id}`)),
      follow: vi.fn(),
    },
    queue: {
      get waiting() {
        return jobs;
      },
      job: { id: 4, request: { initImage: 'hash of one' } },
      remove: (id: number) => gone.push(id),
      skip: vi.fn(),
    },
    drawing: {
      ask: (request: GenerationRequest, options: AddOptions) => {
        if (asked.length >= room) return false;
        asked.push({ request, options });
        jobs.push({ id: 4 + asked.length, request });
        return true;
      },
    },
    offer: (offer: (typeof offers)[number]) => void offers.push(offer),
    said: undefined as string | undefined,
  };
  return { parts: parts as unknown as BatchParts & { said: string | undefined }, asked, offers, gone };
}

const files = (...texts: string[]) => texts.map((text) => new File([text], `${text}.png`));

describe('startFromFiles', () => {
  it('puts one in line for each, with the form as it is, its own seed, and its name', async () => {
    const { parts, asked, offers } = setUp({ stored: { denoisingStrength: 0.4, eta: 0.5, maskBlur: 9 } });
    expect(await startFromFiles(files('one', 'two'), parts)).toBe(2);
    expect(asked.map(({ request }) => request)).toEqual([
      { prompt: 'a cat', seed: 1, initImage: 'hash of one', denoisingStrength: 0.4, tiledMethod: 'multidiffusion' },
      { prompt: 'a cat', seed: 2, initImage: 'hash of two', denoisingStrength: 0.4, tiledMethod: 'multidiffusion' },
    ]);
    expect(asked[1].options.extras).toEqual({ Mood: 'calm', 'Init image name': 'two.png' });
    expect(offers.map(({ words }) => words)).toEqual([
      '2 pictures in line, one from each, with the form as it is and denoising strength 0.4.',
    ]);
  });

  it('takes back what is not made yet, and nothing that came before or after', async () => {
    const { parts, asked, offers, gone } = setUp();
    await startFromFiles(files('one', 'two'), parts);
    parts.drawing.ask({ ...asked[0].request }, {}); // the form's own, from the same picture
    offers[0].undo();
    expect(gone).toEqual([5, 6]);
    expect(parts.queue.skip).not.toHaveBeenCalled(); // job 4 was there before
  });

  it('names what is left out: files that are no pictures, and what a full line does not take', async () => {
    const { parts, offers } = setUp({ room: 1 });
    await startFromFiles(files('one', 'broken', 'two', 'three'), parts);
    expect(offers[0].words).toBe(
      '1 picture in line, of 4 chosen, with the form as it is and denoising strength 0.75. broken.png: it is no picture. The line is full: let one finish, or cancel.',
    );
    const none = setUp();
    expect(await startFromFiles(files('broken'), none.parts)).toBe(0);
    expect(none.parts.said).toBe('Nothing is in line. broken.png: it is no picture.');
  });

  it('begins nothing where the form is wrong, but for its own picture', async () => {
    const wrong = setUp({ problems: { initImage: 'not here', steps: 'Steps must be from 1 to 150, not 0.' } });
    expect(await startFromFiles(files('one'), wrong.parts)).toBe(0);
    expect(wrong.parts.said).toBe('Nothing is in line: Steps must be from 1 to 150, not 0.');
    const fine = setUp({ problems: { initImage: 'not here' } });
    expect(await startFromFiles(files('one'), fine.parts)).toBe(1);
  });
});

describe('startFromPictures', () => {
  it('reads them out of the gallery, and names one that is gone', async () => {
    const { parts, asked, offers } = setUp();
    const picture = (id: number) => ({ id, request: { prompt: 'a dog', seed: id } }) as never;
    expect(await startFromPictures([picture(2), picture(3)], parts)).toBe(1);
    expect(asked[0].request.initImage).toBe('hash of picture 2');
    expect(asked[0].options.extras?.['Init image name']).toMatch(/dog.*2.*\.png|2.*dog.*\.png/);
    expect(offers[0].words).toContain('of 2 chosen');
  });
});
