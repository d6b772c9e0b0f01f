export { correctColours } from './correct-colours';
export { fromLab, toLab } from './lab';
export { matchColours, type MatchOptions } from './match-colours';
