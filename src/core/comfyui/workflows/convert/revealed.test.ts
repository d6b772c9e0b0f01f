/** Choices whose options bring further values with them: they stand behind it, under its name. */
import { describe, expect, it } from 'vitest';
import { openComfyJson } from './open-file';
import { node, promptOf, workflow } from '../testing/graphs';
import { withWidget } from './widget-slots';

const resize = (values: readonly (string | number)[]) =>
  workflow([node(1, 'ResizeImageMaskNode', { widgets_values: [...values] })]);

describe('a revealing choice', () => {
  it('names what is behind it by its option', () => {
    expect(promptOf(resize(['scale dimensions', 640, 360, 'center', 'lanczos']))['1'].inputs).toEqual({
      resize_type: 'scale dimensions',
      'resize_type.width': 640,
      'resize_type.height': 360,
      'resize_type.crop': 'center',
      scale_method: 'lanczos',
    });
    expect(promptOf(resize(['scale total pixels', 1, 'lanczos']))['1'].inputs).toEqual({
      resize_type: 'scale total pixels',
      'resize_type.megapixels': 1,
      scale_method: 'lanczos',
    });
  });

  it('makes room for what another option brings', () => {
    const { document } = openComfyJson(resize(['scale dimensions', 640, 360, 'center', 'lanczos']));
    const changed = withWidget(document.root.nodes[0], 'resize_type', 'scale by multiplier');
    expect(changed.widgets).toEqual(['scale by multiplier', 1, 'lanczos']);
    expect(withWidget(changed, 'resize_type', 'scale by multiplier').widgets).toEqual(changed.widgets);
    expect(withWidget(changed, 'resize_type.multiplier', 2).widgets).toEqual(['scale by multiplier', 2, 'lanczos']);
  });
});
