/** Wrong options of the set-up programs: one line that names the option, exit code 2, and nothing is done. */
import { spawnSync } from 'child_process'
import { resolve } from 'path'
import { expect, it } from 'vitest'

const build = resolve(__dirname, '../../../build')

function said(program: string, args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(build, program), ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  return { status, stdout, line: stderr.trim() }
}

const slips: [string, string[], string | RegExp][] = [
  ['results.mjs', ['--olny', 'digits'], 'There is no option "--olny" here; did you mean "--only"?'],
  ['results.mjs', ['--only'], '--only needs a value after it.'],
  ['results.mjs', ['digits'], 'The command "results" has no use for "digits".'],
  ['results.mjs', ['--only', 'digit'], /^--only digit: no such task\. There are: digits, .*\.$/],
  ['results.mjs', ['--limit', '1.5'], '--limit 1.5: a whole number of runs, 0 or more.'],
  ['results.mjs', ['--limit=-1'], '--limit -1: a whole number of runs, 0 or more.'],
  [
    'screenshots.mjs',
    ['--only', 'experimnt'],
    /^--only experimnt: no such picture\. There are: experiment, .*\.$/,
  ],
  ['lab.mjs', ['doctor', '--json=yes'], '--json=yes: this option takes no value.'],
  ['lab.mjs', ['doctor', '--lang'], '--lang needs a value after it.'],
]

it.each(slips)('%s %j', (program, args, line) => {
  const answer = said(program, args)
  expect(answer).toMatchObject({ status: 2, stdout: '' })
  if (typeof line === 'string') expect(answer.line).toBe(line)
  else expect(answer.line).toMatch(line)
})
