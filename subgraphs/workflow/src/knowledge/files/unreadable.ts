/** Why a file cannot be taken in: a sentence that begins after the file's name. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile'
}
