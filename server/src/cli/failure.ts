/** What a script reads of how a command ended. `--help` lists them. */
export const EXIT = {
  wrong: 1,
  notFound: 2,
  changed: 3,
  unavailable: 4,
  keyRefused: 5,
} as const;

export const EXIT_HELP = `
Exit codes:
  0  done
  1  the command cannot be done as it was given; doctor: a setting can lose a claim
  2  there is no such key
  3  the key was changed by somebody else since it was shown; nothing was done
  4  the server, or its store, does not answer
  5  the server refused the API key`;

/** A command that failed. The message is a sentence for the person who gave it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.wrong) {
    super(message);
    this.exitCode = exitCode;
  }
}
