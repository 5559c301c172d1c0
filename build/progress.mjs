/** Progress messages of set-up: one line per step on stderr; stdout is reserved for the program's output. */
import { sentence } from './words.mjs'

/** A part that cannot be obtained, with the reason and a remedy in one line. */
export class MissingPart extends Error {
  /**
   * @param {import('./words.mjs').Word} key
   * @param {Record<string, string | number>} values
   */
  constructor(key, values = {}) {
    super(sentence(key, values))
    this.key = key
  }
}

/**
 * @param {import('./words.mjs').Word} key
 * @param {Record<string, string | number>} values
 */
export function say(key, values = {}) {
  process.stderr.write(`${sentence(key, values)}\n`)
}

/**
 * Prints the name of a step before it starts and its duration afterwards. Callers skip completed steps, which print
 * nothing.
 * @template T
 * @param {import('./words.mjs').Word} key
 * @param {Record<string, string | number>} values
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(key, values, work) {
  const name = sentence(key, values)
  const begun = process.hrtime.bigint()
  say('step-begins', { step: name })
  const result = await work()
  say('step-ends', { step: name, seconds: (Number(process.hrtime.bigint() - begun) / 1e9).toFixed(1) })
  return result
}

/**
 * Runs a program's main function and exits with its result. A MissingPart prints its line and exits with 2.
 * @param {() => Promise<number | void>} main
 */
export async function runProgram(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (!(error instanceof MissingPart)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  }
}
