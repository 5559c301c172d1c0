/**
 * The input and output of a command. With --json, stdout contains exactly one JSON document and everything else goes
 * to stderr; without it, the answer is text on stdout. Progress bars are always on stderr.
 */
import { plainJson, plainText } from '../contract/plain'
import { createInterface } from 'readline'
import { wordsIn, type Say } from '../language/words'
import type { Language } from '../language/language'

export interface Terminal {
  readonly say: Say
  readonly language: Language
  /** How this program was called: the prefix of a command that the user can copy. */
  readonly program: string
  /** Writes a line before the answer. */
  note(line: string): void
  /** Writes the answer: the document with --json, else the text. Called once per command. */
  answer(document: unknown, text: string): void
  /** Questions to the user, separate from the answer. */
  readonly ask: Questions
  /** The stream for a progress bar; null if nobody would see it. */
  readonly bars: NodeJS.WriteStream | null
  /** Whether notes and bars appear on the same screen. */
  readonly notesBesideBars: boolean
}

export interface Questions {
  say(line: string): void
  /** Null if nobody can answer; then the question is not asked. */
  yesOrNo(question: string): Promise<boolean | null>
}

export interface Streams {
  /** Absent if nobody can answer. */
  readonly stdin?: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/**
 * Writes all text except the progress bar, without control characters: names from files cannot move the cursor or set
 * colours.
 */
export function writeText(stream: NodeJS.WritableStream, text: string): void {
  stream.write(plainText(text))
}

/** Writes one JSON document, in which control characters are escaped. */
export function writeDocument(stream: NodeJS.WritableStream, document: unknown): void {
  stream.write(`${plainJson(JSON.stringify(document, null, 2))}\n`)
}

export function createTerminal(
  language: Language,
  json: boolean,
  program: string,
  streams: Streams,
): Terminal {
  const notes = json ? streams.stderr : streams.stdout
  return {
    say: wordsIn(language),
    language,
    program,
    note: (line) => writeText(notes, `${line}\n`),
    answer: (document, text) => {
      if (json) writeDocument(streams.stdout, document)
      else if (text !== '') writeText(streams.stdout, `${text}\n`)
    },
    ask: questionsOn(streams),
    bars: streams.stderr.isTTY ? streams.stderr : null,
    notesBesideBars: notes.isTTY,
  }
}

/** Questions go to stderr, because stdout is for the answer. */
function questionsOn({ stdin, stderr }: Streams): Questions {
  return {
    say: (line) => writeText(stderr, `${line}\n`),
    yesOrNo(question) {
      if (stdin?.isTTY !== true || !stderr.isTTY) return Promise.resolve(null)
      const lines = createInterface({ input: stdin, output: stderr })
      return new Promise((resolve) => {
        // The end of the input counts as no.
        lines.on('close', () => resolve(false))
        lines.question(`${plainText(question)} `, (text) => {
          resolve(/^\s*(y|yes|是)\s*$/i.test(text))
          lines.close()
        })
      })
    },
  }
}
