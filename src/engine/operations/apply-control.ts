/** A ControlNet or an adapter on a picture to be: one more unit of a list. It is read where the picture is sampled. */
import { AppError } from '../../core/errors';
import type { Pixels } from '../../core/image';
import type { PictureJoin } from '../../core/control/picture-joins';
import { readsPicture } from '../../core/hints/preprocessors';
import { oneByOne, type ControlUse, type Implementation } from './implementation';

export const applyControl: Implementation<'apply_control'> = {
  identify: async ({ control, module }, { controls }) => {
    const own = await controls.revisionOf(control);
    return readsPicture(module) ? `${own} ${await controls.towersRevision()}` : own;
  },
  run: oneByOne(({ settings, inputs: { hint, region, whole, colours, control: before = [] } }, { controls }) => {
    const { control: id, joins, ...rest } = settings;
    if (joins !== 'none') return Promise.resolve({ outputs: { control: joined(before, hint.pixels, joins) } });
    const more = {
      ...(region && { region: region.pixels }),
      ...(whole && { whole: whole.pixels }),
      ...(colours && { colours }),
    };
    const use: ControlUse = { ...rest, id, pixels: hint.pixels, ...more };
    return Promise.resolve({ outputs: { control: [...before, use] }, notices: noticesOf(use, controls.nameOf(id)) });
  }),
};

/** One more picture of the last unit. @throws AppError 'bad-request' where there is none */
function joined(before: readonly ControlUse[], pixels: Pixels, join: PictureJoin): ControlUse[] {
  const last = before.at(-1);
  if (!last) throw new AppError('bad-request', 'A further picture was given to no unit of control.');
  return [...before.slice(0, -1), { ...last, more: [...(last.more ?? []), pixels], join }];
}

/** Tells of a hint that says nothing: it is of one colour. */
function noticesOf({ pixels: { data } }: ControlUse, name: string): string[] {
  const [red, green, blue] = data;
  for (let i = 0; i < data.length; i += 4)
    if (data[i] !== red || data[i + 1] !== green || data[i + 2] !== blue) return [];
  const what = red + green + blue === 0 ? 'black' : 'of one colour';
  return [`The hint for ${name} is ${what} everywhere, so that it says nothing of any shape.`];
}
