/** The short form of `npm run hostile`. */
import { join } from 'path'
import { expect, it } from 'vitest'
import { serve } from '../../src/server/serve'
import { sendHostile } from '../survival/hostile'
import { openLab, temporaryFolder, useProgramsInFile } from './programs'

useProgramsInFile()

/** A server without time limits keeps a connection for half a minute and longer. */
const hangMs = 8000

it('hostile requests get nothing, and none keeps its connection', async () => {
  const dataFolder = temporaryFolder()
  const { lab } = await openLab(dataFolder)
  const serving = await serve(lab, join(__dirname, '../../dist/renderer'), 0)
  const token = serving.url.split('#token=')[1] ?? ''
  try {
    const victim = { port: serving.port, token, secrets: [dataFolder] }
    const report = await sendHostile(victim, { count: 370, seed: 3, most: hangMs })
    expect(report.faults).toEqual([])
    expect(report.requests).toBe(370)
    const honest = await fetch(`http://127.0.0.1:${serving.port}/api/call/methods`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: '{}',
    })
    expect(await honest.json()).toHaveProperty('ok')
  } finally {
    await serving.close()
    await lab.close()
  }
})
