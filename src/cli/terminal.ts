/**
 * What a command speaks through. With --json stdout holds exactly one JSON document and everything meant for
 * eyes goes to stderr; without it the answer itself is text on stdout. Progress bars are always on stderr.
 */
import { createInterface } from 'readline'
import { plainJson, plainText } from '../language/plain'
import { wordsIn, type Say } from '../language/words'
import type { Language } from '../language/language'

export interface Terminal {
  readonly say: Say
  readonly language: Language
  /** How this program was called: what to write before a command that a person can copy. */
  readonly program: string
  /** A line on the way to the answer. */
  note(line: string): void
  /** The answer: the document with --json, else the text. Once a command. */
  answer(document: unknown, text: string): void
  /** Questions, beside the answer. */
  readonly ask: Questions
  /** Where a progress bar may be drawn; null where nobody would see it move. */
  readonly bars: NodeJS.WriteStream | null
  /** Whether notes and bars end up on the same screen. */
  readonly notesBesideBars: boolean
}

export interface Questions {
  say(line: string): void
  /** Null where nobody is there to answer: then nothing is asked. */
  yesOrNo(question: string): Promise<boolean | null>
}

export interface Streams {
  /** Absent where nobody can answer. */
  readonly stdin?: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Writes all text but the progress bar's: names from files in it cannot move the cursor or set colours. */
export function writeText(stream: NodeJS.WritableStream, text: string): void {
  stream.write(plainText(text))
}

/** Writes one JSON document, in which the same characters are escaped. */
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

/** Asked on stderr: stdout is for the answer. */
function questionsOn({ stdin, stderr }: Streams): Questions {
  return {
    say: (line) => void stderr.write(`${line}\n`),
    yesOrNo(question) {
      if (stdin?.isTTY !== true || !stderr.isTTY) return Promise.resolve(null)
      const lines = createInterface({ input: stdin, output: stderr })
      return new Promise((resolve) => {
        // The end of the input is no.
        lines.on('close', () => resolve(false))
        lines.question(`${question} `, (text) => {
          resolve(/^\s*(y|yes|是)\s*$/i.test(text))
          lines.close()
        })
      })
    },
  }
}
