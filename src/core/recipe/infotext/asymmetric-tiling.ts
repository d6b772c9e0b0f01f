/** @see tjm35/asymmetric-tiling-sd-webui, scripts/asymmetric_tiling.py: while it is on, A1111's own Tiling counts for nothing */

const [ACROSS, DOWN] = ['Tile X', 'Tile Y'];
/** What is so where it acts in all steps. */
const USUAL: readonly (readonly [key: string, value: string])[] = [
  ['Start Tiling From Step', '0'],
  ['Stop Tiling After Step', '-1'],
];

/** Its keys become Tiling's; steps that it is kept to stay, as something that is not carried over. */
export function takeAsymmetricTiling(values: Map<string, string>): void {
  if (!values.has(ACROSS) && !values.has(DOWN)) return;
  const [across, down] = [ACROSS, DOWN].map((key) => /^true$/i.test(values.get(key) ?? ''));
  values.set('Tiling', across && down ? 'True' : across ? 'X' : down ? 'Y' : 'False');
  for (const key of [ACROSS, DOWN]) values.delete(key);
  for (const [key, value] of USUAL) if (values.get(key) === value) values.delete(key);
}
