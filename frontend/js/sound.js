// A sound of our own, made as it is played: two soft notes, a fourth apart.

const NOTES = [587.33, 783.99]; // hertz: D5, G5
const LENGTH = 0.28; // seconds of one; the second begins before the first has died away

/** @type {AudioContext | null} */
let context = null;

/** Browsers keep silent until the person has clicked somewhere. */
export function chime() {
  if (!('AudioContext' in window)) return;
  const sound = (context ??= new AudioContext());
  if (sound.state === 'suspended') sound.resume().catch(() => undefined);
  NOTES.forEach((hertz, n) => play(sound, hertz, sound.currentTime + n * LENGTH * 0.45));
}

/** @param {AudioContext} sound @param {number} hertz @param {number} at */
function play(sound, hertz, at) {
  const volume = new GainNode(sound, { gain: 0 });
  const note = new OscillatorNode(sound, { type: 'sine', frequency: hertz });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.16, at + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH); // as a struck bar dies away
  note.connect(volume).connect(sound.destination);
  note.start(at);
  note.stop(at + LENGTH);
}
