/** How set-up speaks: one line a step on stderr, so that stdout stays free for what was asked. */

/** A part that cannot be had: which, why and what to do, in one line. */
export class MissingPart extends Error {}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Names a step before it starts and says how long it took. Steps that were done before are silent.
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const begun = process.hrtime.bigint()
  say(`set-up: ${name} ...`)
  const result = await work()
  say(`set-up: ${name}: done in ${(Number(process.hrtime.bigint() - begun) / 1e9).toFixed(1)} s`)
  return result
}

/** Runs a program's main function; a MissingPart ends it with its one line and exit code 2. */
export async function runProgram(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (!(error instanceof MissingPart)) throw error
    say(error.message)
    process.exitCode = 2
  }
}
