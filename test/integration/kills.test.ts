/** The short form of `npm run kills`. */
import { expect, it } from 'vitest'
import { killOften } from '../survival/kills'
import { openLab, useProgramsInFile } from './programs'

useProgramsInFile()

it('a trainer that is killed leaves every complete round as it was', async () => {
  const { lab } = await openLab()
  try {
    const report = await killOften(lab, { count: 4, seed: 7 })
    expect(report.faults).toEqual([])
    expect(report).toMatchObject({ kills: 4 })
    expect(report.checkpointsEvaluated).toBeGreaterThan(0)
  } finally {
    await lab.close()
  }
})
