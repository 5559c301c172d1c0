/** The short form of `npm run offline`, which also runs `serve` and `doctor` and opens the window. */
import { join } from 'path'
import { afterAll, expect, it } from 'vitest'
import { bestNetwork, isSeen, traced, trafficIn } from '../survival/offline'
import { recordOf, runsIn } from '../journey/disk'
import { openTerminal, smallExperiment } from './terminal'

const terminal = openTerminal()
afterAll(() => terminal.remove())

const network = bestNetwork()

it('what leads elsewhere is seen', () => {
  expect(isSeen(network)).toBe(true)
})

it('a training from the terminal asks for no address but this machine’s own, and needs none', () => {
  const program = join(__dirname, '../../dist/cli.cjs')
  const { dataFolder } = terminal
  const command = [
    process.execPath,
    program,
    '--data-folder',
    dataFolder,
    ...smallExperiment,
    '--rounds',
    '1',
  ]
  const { status, trace } = traced(command, network)
  expect(trafficIn(trace).strangers).toEqual([])
  expect(status).toBe(0)
  const [run = ''] = runsIn(dataFolder)
  expect(recordOf(dataFolder, run)).toMatchObject({ state: 'finished', rounds: 1 })
})
