/** What graphs make of texts that are read: joined, averaged, emptied, one for each encoder. */
import { conditioningOf, averageTokens, contextOf, joinTokens, pairTokens, weighed } from './text/plain-conditioning';
import { zeroed } from './text/join-contexts';
import { oneByOne, type Implementation } from './implementation';
import type { Context } from './text/encode';

const given = (context: Context) => ({ outputs: { conditioning: conditioningOf(context) } });

export const joinConditionings: Implementation<'join_conditionings'> = {
  isKept: true,
  run: oneByOne(({ inputs: { to, from } }) => Promise.resolve(given(joinTokens(contextOf(to), contextOf(from))))),
};

export const averageConditionings: Implementation<'average_conditionings'> = {
  isKept: true,
  run: oneByOne(({ settings: { strength }, inputs: { to, from } }) =>
    Promise.resolve(given(averageTokens(contextOf(to), contextOf(from), strength))),
  ),
};

export const weighConditionings: Implementation<'weigh_conditionings'> = {
  run: oneByOne(({ settings: { toWeight, fromWeight }, inputs: { to, from } }) => {
    const parts = [
      { context: contextOf(to), weight: toWeight },
      { context: contextOf(from), weight: fromWeight },
    ];
    return Promise.resolve({ outputs: { conditioning: weighed(parts) } });
  }),
};

export const zeroConditioning: Implementation<'zero_conditioning'> = {
  isKept: true,
  run: oneByOne(({ inputs: { conditioning } }) => Promise.resolve(given(zeroed(contextOf(conditioning))))),
};

/** Where there is one encoder it reads the second text, which is the one that models with two are mostly told by. */
export const pairConditionings: Implementation<'pair_conditionings'> = {
  isKept: true,
  run: oneByOne(async ({ settings, inputs: { model: reference, first, second, padding } }, { models }) => {
    const { texts } = (await models.get(reference)).traits;
    const contexts = { first: contextOf(first), second: contextOf(second), padding: contextOf(padding) };
    const paired = pairTokens(contexts, texts.length > 1 ? texts[0].width : 0);
    const { height, width, y, x, targetHeight, targetWidth } = settings;
    const told = { size: [height, width], crop: [y, x], target: [targetHeight, targetWidth] };
    return given({ ...paired, told });
  }),
};

/** @see ComfyUI comfy_extras/nodes_clip_sdxl.py CLIPTextEncodeSDXLRefiner */
export const tellScore: Implementation<'tell_score'> = {
  isKept: true,
  run: oneByOne(({ settings: { height, width, score }, inputs: { conditioning } }) =>
    Promise.resolve(given({ ...contextOf(conditioning), told: { size: [height, width], score: [score] } })),
  ),
};

export const addGuide: Implementation<'add_guide'> = {
  run: oneByOne(({ settings, inputs: { conditioning: prompt, mask, guides = [] } }) =>
    Promise.resolve({ outputs: { guides: [...guides, { ...settings, prompt, ...(mask && { mask }) }] } }),
  ),
};
