/** Numbers, texts and switches: worked out while the graph is compiled. */
import type { Place, Runners } from '../graph-walk';
import type { Json } from '../../document';

export const literal = (value: Json) => [{ type: 'literal', value } as const];

export const VALUE_RUNNERS: Runners = {
  whole_number: (at) => literal(at.whole('value')),
  number: (at) => literal(at.number('value')),
  text: (at) => literal(at.text('value')),
  flag: (at) => literal(at.isOn('value')),
  switch: (at) => {
    const value = at.value(at.isOn('switch') ? 'on_true' : 'on_false');
    if (!value) throw at.stop('nothing is joined to the side that is chosen.');
    return [value];
  },
  join_texts: (at) => literal([at.text('string_a'), at.text('string_b')].join(at.text('delimiter'))),
  replace_text: (at) => literal(at.text('string').replaceAll(at.text('find'), () => at.text('replace'))),
  trim_text: (at) => literal(trimmed(at)),
  /** Shows what it is given; pictures go through it unseen. */
  show_text: (at) => [at.value('source')],
};

function trimmed(at: Place): string {
  const [text, mode] = [at.text('string'), at.text('mode')];
  return mode === 'Left' ? text.trimStart() : mode === 'Right' ? text.trimEnd() : text.trim();
}
