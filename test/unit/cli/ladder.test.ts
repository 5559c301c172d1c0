/** Output of `ladder`: the pairing that counts, and its remark on a collapsed control. */
import { mkdtempSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { ladderChanges, ladderSteps } from '../../../src/cli/commands/ladder'
import { applySettings, readExperiment, type SettingText } from '../../../src/contract/check'
import { experimentSchema } from '../../../src/contract/experiment'
import { readPreset } from '../../../src/data/presets'
import { methods as registry } from '../../../src/methods/registry'
import { saidOf, type FinishedRun } from './finished-lab'

const methods = registry.map(({ declaration }) => declaration)

type Step = (typeof ladderSteps)[number]
type Found = Omit<FinishedRun, 'experiment'>

const even = Math.log(2)
const found: Readonly<Record<Step, Found>> = {
  plain: { chosen: 0.47, best: 0.53, diversity: even },
  framing: { chosen: 0.47, best: 0.53, diversity: even },
  views: { chosen: 0.49, best: 0.51, diversity: even },
  adapted: { chosen: 0.298, best: 0.702, diversity: even },
  'target-supervised': { chosen: 0.98, best: 0.98, diversity: even },
  'no-source': { chosen: 0.5, best: 0.5, diversity: 0.01 },
}

async function finished(preset: string, settings: readonly SettingText[] = []): Promise<FinishedRun[]> {
  const { experiment } = await readPreset(preset)
  return ladderSteps.map((step) => ({
    ...found[step],
    experiment: experimentSchema.parse(
      readExperiment(applySettings(experiment, [...settings, ...ladderChanges[step]], methods), methods),
    ),
  }))
}

const share = (from: number, to: number, reached: number) => (reached - from) / (to - from)

describe('the gap closed', () => {
  it('is reckoned by the best pairing where source and target share no class', async () => {
    const runs = await finished('adversarial-consistency')
    const { code, stdout } = await saidOf(runs, 'ladder', '--preset', 'adversarial-consistency', '--json')
    expect(code).toBe(0)
    const answer = JSON.parse(stdout) as { gapClosed: number; gapPairing: string; steps: object[] }
    expect(answer.gapPairing).toBe('best')
    expect(answer.gapClosed).toBeCloseTo(share(0.53, 0.98, 0.702), 12)
    expect(answer.steps.find((one) => 'step' in one && one.step === 'adapted')).toMatchObject({
      unseenTargetAccuracy: 0.298,
      unseenTargetAccuracyBestPairing: 0.702,
    })
  })

  it('says so in the text, beside both accuracies on held-out images', async () => {
    const runs = await finished('adversarial-consistency')
    const { stdout } = await saidOf(runs, 'ladder', '--preset', 'adversarial-consistency')
    expect(stdout).toMatch(/held-out +held-out, best pairing/)
    expect(stdout).toMatch(/^adapted .* 0\.2980 +0\.7020 /m)
    expect(stdout).toMatch(/on held-out images, by the best pairing \(.* is chance here\): 0\.382$/m)
  })

  it('is reckoned by the chosen one where labelled images settle it', async () => {
    const { stdout } = await saidOf(await finished('one-shot'), 'ladder', '--preset', 'one-shot', '--json')
    const answer = JSON.parse(stdout) as { gapClosed: number; gapPairing: string }
    expect(answer.gapPairing).toBe('chosen')
    expect(answer.gapClosed).toBeCloseTo(share(0.47, 0.98, 0.298), 12)
  })
})

describe('a control without a source', () => {
  it('that collapsed says nothing, and that is said', async () => {
    const runs = await finished('adversarial-consistency')
    const ladder = ['ladder', '--preset', 'adversarial-consistency']
    expect((await saidOf(runs, ...ladder)).stdout).toMatch(
      /^The control \d collapsed \(diversity 0\.0100 of at most 0\.6931 nat\), so it does not say .*$/m,
    )
    const control = String(ladderSteps.indexOf('no-source'))
    expect(JSON.parse((await saidOf(runs, ...ladder, '--json')).stdout)).toMatchObject({
      collapsedControls: [control],
    })
  })

  it('that uses the classes evenly is left alone', async () => {
    const runs = (await finished('adversarial-consistency')).map((run) => ({ ...run, diversity: even }))
    const { stdout } = await saidOf(runs, 'ladder', '--preset', 'adversarial-consistency')
    expect(stdout).not.toContain('collapsed')
  })
})

describe('the experiment of a ladder', () => {
  it('is said as for `run`: from a file, with rounds and a seed', async () => {
    const { experiment } = await readPreset('adversarial-consistency')
    const file = join(mkdtempSync(join(tmpdir(), 'dalab-ladder-')), 'mine.json')
    writeFileSync(file, JSON.stringify(experiment))
    const changed: SettingText[] = [
      ['adaptation.epochs', '3'],
      ['seed', '7'],
    ]
    const runs = await finished('adversarial-consistency', changed)
    // Any other experiment would need training, which this lab does not do.
    const { code, stderr } = await saidOf(runs, 'ladder', '--config', file, '--rounds', '3', '--seed', '7')
    expect(stderr).not.toContain('nobody expected')
    expect(code).toBe(0)
  })

  it('has each step with several seeds, and their mean and deviation', async () => {
    const runs = [
      ...(await finished('adversarial-consistency')),
      ...(await finished('adversarial-consistency', [['seed', '1']])).map((run) => ({ ...run, best: 0.98 })),
    ]
    const ladder = ['ladder', '--preset', 'adversarial-consistency', '--seeds', '2']
    const { stdout } = await saidOf(runs, ...ladder)
    expect(stdout).toMatch(/^adapted .* 0\.8410 ± 0\.1966 +3 \d+$/m)
    const { steps } = JSON.parse((await saidOf(runs, ...ladder, '--json')).stdout) as { steps: unknown[] }
    expect(steps[0]).toMatchObject({ step: 'plain', seeds: [{ seed: 0 }, { seed: 1 }] })
    expect(steps[0]).toHaveProperty('summary.unseenBest.mean')
  })
})
