/** Rows of predictions in a file: cut off at any byte they go on, none twice and none missing. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  truncateSync,
  writeFileSync,
} from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { columnsOf, failedRow, type Row, rowOf } from '../../../../src/data/predictions/columns'
import { csv, jsonLines, type Lines } from '../../../../src/data/predictions/lines'
import {
  openOutput,
  outputLock,
  type OutputOrder,
  planFile,
  refuseExisting,
  removePlan,
  writingAlone,
} from '../../../../src/data/predictions/output'
import { withoutRights } from '../../../without-rights'

const own = mkdtempSync(join(tmpdir(), 'predictions-'))
const folder = (): string => own

const options = { classes: ['cat', 'dog, big'], probabilities: true, top: 2, areFiles: true, mayFail: true }
const columns = columnsOf(options)
const plan = {
  checkpoint: 'abc',
  encoder: 'target',
  samples: '/images',
  temperature: 1.5,
  columns,
  classes: options.classes,
  pixels: 'unit',
  choices: null,
}
const shares = Float32Array.of(0.25, 0.75)
const names = ['a.png', '=1+1.png', 'with "quote", comma\nand line.png', '-x/-y.png', 'é.png']
const rows: Row[] = names.map((name, index) =>
  index === 3 ? failedRow(name, 'image-undecodable', options) : rowOf(name, 1, shares, options),
)

let files = 0

async function written(lines: Lines, all = rows): Promise<OutputOrder> {
  const file = join(folder(), `${String(files++)}.txt`)
  const order: OutputOrder = { rows: file, out: file, lines, existing: 'refuse' }
  const output = await openOutput(order, plan, () => undefined)
  for (const row of all) await output.add([row])
  await output.finish()
  return order
}

/** Goes on after the rows in the file, as a call does: with those that `check` has not seen. */
async function goOn(order: OutputOrder): Promise<number> {
  let seen = 0
  const output = await openOutput({ ...order, existing: 'continue' }, plan, (row, index) => {
    expect([index, row[0]]).toEqual([seen, names[index]])
    seen++
  })
  for (const row of rows.slice(seen)) await output.add([row])
  await output.finish()
  await removePlan(order.rows)
  return seen
}

describe('the columns', () => {
  it('are the file, the most probable classes, all classes, and the error', () => {
    expect(columns).toEqual([
      ...['file', 'prediction', 'probability', 'prediction_2', 'probability_2'],
      ...['p_cat', 'p_dog, big', 'error'],
    ])
    expect(rows[0]).toEqual(['a.png', 'dog, big', 0.75, 'cat', 0.25, 0.25, 0.75, null])
    expect(rows[3]).toEqual(['-x/-y.png', null, null, null, null, null, null, 'image-undecodable'])
    expect(columnsOf({ ...options, top: 1, probabilities: false, areFiles: false, mayFail: false })).toEqual([
      ...['row', 'prediction', 'probability'],
    ])
  })

  it('put the predicted class first, also where another one is as probable', () => {
    const [, first, , second] = rowOf('x', 1, Float32Array.of(0.5, 0.5), options)
    expect([first, second]).toEqual(['dog, big', 'cat'])
  })
})

describe('CSV', () => {
  it('has no cell in its first column that a spreadsheet runs, and names the same file', async () => {
    const { rows: file } = await written(csv)
    const text = readFileSync(file, 'utf8')
    expect(text.split('\n')[2]).toMatch(/^\.\/=1\+1\.png,/)
    expect(text).toContain('"with ""quote"", comma\nand line.png"')
    expect(csv.read('./=1+1.png,a,0.5', ['file', 'prediction', 'probability'])).toEqual([
      '=1+1.png',
      'a',
      '0.5',
    ])
    expect(csv.read('./a.png,a,0.5', ['file', 'prediction', 'probability'])?.[0]).toBe('./a.png')
  })

  it('names no class that a spreadsheet runs, and goes on after such rows', () => {
    const classes = ['=HYPERLINK("x")', '-5']
    const by = { classes, probabilities: false, top: 2, areFiles: true, mayFail: false }
    const row = rowOf('a.png', 0, shares, by)
    const line = csv.of([row], columnsOf(by)).trimEnd()
    expect(line).toBe(`a.png,"'=HYPERLINK(""x"")",0.25,-5,0.75`)
    expect(csv.read(line, columnsOf(by))).toEqual(['a.png', '=HYPERLINK("x")', '0.25', '-5', '0.75'])
    expect(jsonLines.of([row], columnsOf(by))).toContain(JSON.stringify('=HYPERLINK("x")'))
  })
})

describe.each<[string, Lines]>([
  ['csv', csv],
  ['jsonl', jsonLines],
])('rows as %s', (_name, lines) => {
  it('cut off at any byte go on to the same file', async () => {
    const order = await written(lines)
    const whole = readFileSync(order.rows)
    const continued = new Set<number>()
    // Every third byte: each comes after a sync to the disk.
    for (let length = whole.length; length >= 0; length -= 3) {
      writeFileSync(order.rows, whole.subarray(0, length))
      writeFileSync(planFile(order.rows), JSON.stringify(plan))
      continued.add(await goOn(order))
      expect(readFileSync(order.rows).equals(whole), `cut at ${String(length)}`).toBe(true)
      expect(existsSync(planFile(order.rows))).toBe(false)
    }
    expect(continued).toEqual(new Set([0, 1, 2, 3, 4, 5]))
  })

  it('begin anew where the file was never made, and end where nothing is missing', async () => {
    const order = await written(lines)
    const whole = readFileSync(order.rows, 'utf8')
    await removePlan(order.rows)
    expect(await goOn(order)).toBe(rows.length)
    expect(readFileSync(order.rows, 'utf8')).toBe(whole)
  })

  it('are not added to rows of another call', async () => {
    const order = await written(lines)
    const whole = readFileSync(order.rows, 'utf8')
    const other = (changes: Partial<typeof plan>) =>
      openOutput({ ...order, existing: 'continue' }, { ...plan, ...changes }, () => undefined)
    const differ = (setting: string) => ({ code: 'predictions-differ', params: { setting } })
    await expect(other({ checkpoint: 'another' })).rejects.toMatchObject(differ('checkpoint'))
    await expect(other({ temperature: 2 })).rejects.toMatchObject(differ('temperature'))
    await expect(other({ columns: ['file'] })).rejects.toMatchObject(differ('columns'))
    await expect(other({ classes: ['dog, big', 'cat'] })).rejects.toMatchObject(differ('classes'))
    await removePlan(order.rows)
    await expect(other({ columns: ['file'] })).rejects.toMatchObject(differ('columns'))
    expect(readFileSync(order.rows, 'utf8')).toBe(whole)
  })
})

describe('a file that is there', () => {
  it('is refused, finished or not; so is a folder that is not there', async () => {
    const order = await written(csv)
    await expect(refuseExisting(order)).rejects.toMatchObject({ code: 'predictions-unfinished' })
    await removePlan(order.rows)
    await expect(refuseExisting(order)).rejects.toMatchObject({ code: 'predictions-exist' })
    await refuseExisting({ ...order, existing: 'replace' })
    truncateSync(order.rows)
    const out = join(folder(), 'missing', 'x.csv')
    await expect(writingAlone(out, () => Promise.resolve())).rejects.toMatchObject({
      code: 'file-not-found',
      params: { file: join(folder(), 'missing') },
    })
  })

  it('or would be in a folder that may not be written, or below a file, is refused by its own name', async () => {
    const kept = mkdtempSync(join(folder(), 'kept-'))
    chmodSync(kept, 0o555)
    chmodSync(folder(), 0o755)
    const out = join(kept, 'x.csv')
    const refused = async () =>
      expect(writingAlone(out, () => Promise.resolve())).rejects.toMatchObject({
        code: 'no-permission',
        params: { path: out },
      })
    await withoutRights(refused)
    expect(readdirSync(kept)).toEqual([])
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    await expect(writingAlone(join(file, 'x.csv'), () => Promise.resolve())).rejects.toMatchObject({
      code: 'not-a-folder',
    })
  })

  it('is not gone on with if it is no file of rows', async () => {
    const own = join(folder(), 'own.csv')
    for (const text of ['a note', 'a note\n', 'file,prediction']) {
      writeFileSync(own, text)
      const order: OutputOrder = { rows: own, out: own, lines: csv, existing: 'continue' }
      const opened = openOutput(order, plan, () => undefined)
      await expect(opened).rejects.toMatchObject({ code: 'predictions-differ' })
      expect(readFileSync(own, 'utf8')).toBe(text)
    }
  })

  it('and was made of rows is not replaced by a call that goes on', async () => {
    const out = join(folder(), 'own.npz')
    const order: OutputOrder = { rows: `${out}.rows.jsonl`, out, lines: jsonLines, existing: 'continue' }
    await refuseExisting(order)
    writeFileSync(out, 'arrays')
    await expect(refuseExisting(order)).rejects.toMatchObject({ code: 'predictions-exist' })
    // It was just made, and the rows were not yet removed.
    writeFileSync(planFile(order.rows), JSON.stringify(plan))
    await refuseExisting(order)
  })

  it('is empty before the plan of the rows that replace it is there', async () => {
    const order = await written(csv)
    await removePlan(order.rows)
    // As if the call had been killed when it wrote the plan.
    mkdirSync(planFile(order.rows))
    const other = { ...plan, checkpoint: 'another' }
    await expect(openOutput({ ...order, existing: 'replace' }, other, () => undefined)).rejects.toThrow()
    expect(readFileSync(order.rows, 'utf8')).toBe('')
    rmdirSync(planFile(order.rows))
    const output = await openOutput({ ...order, existing: 'continue' }, other, () => undefined)
    expect([output.isFinished, existsSync(planFile(order.rows))]).toEqual([false, true])
    await output.close()
  })

  it('is written by one call at a time', async () => {
    const out = join(folder(), 'busy.csv')
    await writingAlone(out, async () => {
      const second = writingAlone(out, () => Promise.resolve())
      await expect(second).rejects.toMatchObject({
        code: 'predictions-busy',
        params: { file: out, pid: process.pid },
      })
    })
    await writingAlone(out, () => Promise.resolve())
    expect(existsSync(outputLock(out))).toBe(false)
  })
})
