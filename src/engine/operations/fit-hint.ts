/** A hint to the size that is painted. With a mask it is laid over the picture first, and what is painted of that cut out. */
import { fitHint as fitted, fitHintMask } from '../../core/control/fit-hint';
import { cropToFit } from '../../core/image/geometry';
import { fromPixels, raster, toRgb, toRgba, type Channels, type Raster, type Size } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';
import { maskedBox } from './masked-box';

export const fitHint: Implementation<'fit_hint'> = {
  isKept: true,
  run: oneByOne(({ settings, inputs: { image, mask } }) => {
    const { width, height, mode, isMasked } = settings;
    const hint = fromPixels(image.pixels);
    const size = { width, height };
    const box = mask && maskedBox(mask, settings);
    const fit = <C extends Channels>(of: Raster<C>, to: (of: Raster<C>, size: Size) => Raster<C>): Raster<C> =>
      mask && box ? cropToFit(to(of, { width: mask.width, height: mask.height }), box, size) : to(of, size);
    const colours = (of: Raster, into: Size): Raster => fitted(of, into, mode);
    if (!isMasked) return done(fit<Channels>(hint, colours));
    // Colours under a mask would count for what shows of it.
    return done(
      withAlpha(
        fit<Channels>(toRgb(hint), colours),
        fit(alphaOf(hint), (of, to) => fitHintMask(of, to, mode)),
      ),
    );
  }),
};

const done = (pixels: Raster) => Promise.resolve({ outputs: { image: { pixels: toRgba(pixels) } } });

const alphaOf = ({ data, ...size }: Raster<4>): Raster<1> =>
  raster(
    size,
    1,
    Uint8ClampedArray.from({ length: size.width * size.height }, (_, i) => data[4 * i + 3]),
  );

function withAlpha(colours: Raster, alpha: Raster<1>): Raster<4> {
  const to = toRgba(colours);
  alpha.data.forEach((level, i) => (to.data[4 * i + 3] = level));
  return to;
}
