/** JSON of no program that is known: whatever has a prompt. A1111's API, Civitai and scripts of diffusers are read so. */
import type { Program } from './program';

export const ANY_PROGRAM: Program = { name: 'JSON', isIts: () => true };
