/** A colour for each type of what goes through links; names stand beside, so that nothing is said by colour alone. */

/** Tell apart in light and in dark. */
const COLOURS = [
  'light-dark(#2e7d32, #81c784)',
  'light-dark(#00747d, #4dd0e1)',
  'light-dark(#6b4fc4, #b39ddb)',
  'light-dark(#b02a8a, #ff9cf9)',
  'light-dark(#5d6d7e, #b0bec5)',
  'light-dark(#8a6d00, #ffd500)',
  'light-dark(#b3590a, #ffa931)',
  'light-dark(#1f6fd0, #64b5f6)',
  'light-dark(#c0392b, #ff6e6e)',
] as const;

/** With this factor the seven commonest types have colours of their own, close to those that people know. */
const FACTOR = 75;

/** The same for the same type, whatever else there is. */
export function typeColour(type: string): string {
  if (type === '*' || type === '') return 'var(--edge)';
  let sum = 0;
  for (const letter of type.toUpperCase()) sum = (sum * FACTOR + letter.charCodeAt(0)) % 9973;
  return COLOURS[sum % COLOURS.length] ?? 'var(--edge)';
}
