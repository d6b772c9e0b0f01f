/** Two soft tones when the line is done; fetched when they are first wanted. */

/** A fifth, in hertz, and when each begins. */
const TONES = [
  [587.33, 0],
  [880, 0.16],
] as const;
const LENGTH_S = 0.5;
/** Share of the full volume: heard in the next room, startling in none. */
const LOUDNESS = 0.12;
/** A page that may make no sound yet begins when it is pressed next, long after: what was to be told is told no more. */
const SOON_MS = 400;

let context: AudioContext | undefined;

/** Never rejects: browsers without sound, or that allow none yet, stay silent. */
export async function playDone(create: () => AudioContext = () => new AudioContext()): Promise<void> {
  try {
    context ??= create();
    await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, SOON_MS))]);
    if (context.state !== 'running') return;
    for (const [hertz, after] of TONES) playTone(context, hertz, context.currentTime + after);
  } catch (error) {
    console.info('The browser plays no sound.', error);
  }
}

function playTone(audio: AudioContext, hertz: number, at: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH_S);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + LENGTH_S);
}
