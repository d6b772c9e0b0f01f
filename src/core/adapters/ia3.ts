/** IA3: rows or columns of the weight, each times its own number. @see arXiv:2205.05638; LyCORIS modules/ia3.py */
import { columnsOf, kernelOf, neededWeight, outOf, product, show, type AdapterKind } from './kind';

const [WEIGHT, ON_INPUT] = ['weight', 'on_input'];

export const ia3 = {
  name: 'an IA3',
  signs: [[WEIGHT, ON_INPUT]],
  reads: [WEIGHT, ON_INPUT],
  misfit(shapes, target) {
    const count = product(shapes[WEIGHT]);
    if (target.length >= 2 && (count === outOf(target) || count === target[1])) return undefined;
    return `has ${count} numbers; the layer is ${show(target)}`;
  },
  usesWeight: true,
  difference(input) {
    const { parts, target } = input;
    const weight = neededWeight(input);
    const { values } = parts[WEIGHT];
    const isOnInput = parts[ON_INPUT].values[0] > 0;
    const wanted = isOnInput ? target[1] : outOf(target);
    if (values.length !== wanted) throw new RangeError(`${values.length} numbers for ${wanted} channels`);
    const [columns, kernel] = [columnsOf(target), kernelOf(target)];
    return weight.map(
      (value, i) => value * values[isOnInput ? Math.floor((i % columns) / kernel) : Math.floor(i / columns)],
    );
  },
} satisfies AdapterKind;
