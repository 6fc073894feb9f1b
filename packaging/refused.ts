/** Why nothing was released: a sentence for the person who asked for it. */
export class ReleaseRefused extends Error {
  override readonly name = 'ReleaseRefused';
}
