/** The terms of a text, each once: its word stems, marked with `=`, and the groups of 3 and 4 letters of its words. */
export interface Terms {
  words: string[]
  groups: string[]
}

const MAX_WORDS = 400
const MAX_WORD_LENGTH = 40
const GROUP_SIZES = [3, 4]
const SUFFIXES = ['ing', 'edly', 'ed', 'es', 's', 'ly']

/**
 * Analyses a text for the lexical half of retrieval. No stop words: "how", "not" and "my" tell intents apart. The groups of letters
 * bridge inflections, compounds and typing errors in any language; the suffixes are English.
 */
export function termsOf(text: string): Terms {
  const found =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  const words = found.slice(0, MAX_WORDS).map((word) => [...word].slice(0, MAX_WORD_LENGTH).join(''))
  return { words: [...new Set(words.map((word) => `=${stem(word)}`))], groups: [...new Set(words.flatMap(groupsOf))] }
}

function stem(word: string): string {
  const suffix = SUFFIXES.find((end) => word.endsWith(end) && word.length - end.length >= 3)
  return suffix === undefined ? word : word.slice(0, -suffix.length)
}

function groupsOf(word: string): string[] {
  const letters = [...` ${word} `]
  return GROUP_SIZES.flatMap((size) => letters.slice(size - 1).map((_, at) => letters.slice(at, at + size).join('')))
}
