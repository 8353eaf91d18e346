/**
 * What is stored in place of a compressed body, which nobody can read as text. `bytes`: how many were read; more than
 * `atMost` were not.
 */
export const compressedWords = (bytes: number, atMost: number): string =>
  bytes > atMost ? `compressed, more than ${atMost} bytes` : `compressed, ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
