/** A fault that the person at the shell can correct, in one line. */
export class Refusal extends Error {
  constructor(
    message: string,
    /** 1: it was not done; 2: the command was not understood. */
    readonly exitCode: 1 | 2,
  ) {
    super(message)
  }
}
